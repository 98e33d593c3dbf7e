package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.FlinkVersion;
import java.util.List;
import java.util.Optional;

/** What a Flink version makes of a name in its configuration. */
public sealed interface OptionName {

  /**
   * It reads it.
   *
   * @param options what is meant; several where an old option was divided
   * @param old whether the version itself uses another name
   */
  record Known(List<FlinkOption> options, boolean old) implements OptionName {}

  /** It hands it on unread: to a reporter, a file system, the job. */
  record Open() implements OptionName {}

  /**
   * Another version reads it, this one does not.
   *
   * @param since the version that removed it, or that brought it
   * @param removed whether it was removed
   * @param instead what to do instead; empty where nothing took its place
   */
  record ElsewhereKnown(FlinkVersion since, boolean removed, Optional<String> instead)
      implements OptionName {}

  /**
   * No version reads it, although it looks like one of Flink's own.
   *
   * @param similar names that this version reads, the most similar first
   */
  record Unknown(List<String> similar) implements OptionName {}

  /** No version reads it, and it does not look like one of Flink's own. */
  record Foreign() implements OptionName {}
}
