package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Failure;
import io.flinkcluster.operator.aws.S3Objects;
import io.flinkcluster.operator.aws.S3Uri;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for the newest completed checkpoint of one job. Its directory belongs to that job alone,
 * checkpoints are numbered upwards, and {@code _metadata} is there only when one is complete (Flink
 * 1.20 to 2.3).
 */
final class NewestCheckpoint {

  private static final Pattern FOLDER = Pattern.compile("chk-([0-9]{1,18})");

  private final S3Objects objects;

  NewestCheckpoint(S3Objects objects) {
    this.objects = objects;
  }

  /**
   * The newest in a directory; empty: none that is newer.
   *
   * @param directory of one job
   * @param known only numbers above this count; -1: all
   * @throws Fault where it cannot be told; then nothing may start, it could begin from an older one
   */
  Optional<String> in(String directory, long known) throws Fault {
    S3Uri folder = S3Uri.parse(directory);
    try {
      List<Long> numbers =
          objects.folders(folder).stream()
              .map(NewestCheckpoint::number)
              .flatMap(Optional::stream)
              .filter(number -> number > known)
              .sorted(Comparator.reverseOrder())
              .toList();
      for (long number : numbers) {
        String name = "chk-" + number;
        if (objects.exists(folder.child(name + "/_metadata"))) {
          return Optional.of(directory + "/" + name);
        }
      }
      return Optional.empty();
    } catch (S3Failure e) {
      throw Fault.of(e);
    }
  }

  private static Optional<Long> number(String folder) {
    Matcher matcher = FOLDER.matcher(folder);
    return matcher.matches() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
  }
}
