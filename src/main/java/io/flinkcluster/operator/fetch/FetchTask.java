package io.flinkcluster.operator.fetch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What to fetch. On the command line: {@code [--jar URI] [--known PATH] [--search DIRECTORY]...
 * --into DIRECTORY}, or {@code --remove PREFIX...}.
 *
 * @param jar {@code s3://} or {@code https://}; empty: none
 * @param known the restore point that is known, a savepoint or checkpoint; empty: none
 * @param searched directories of jobs on S3 in which a newer checkpoint may be, that of the latest
 *     job first; empty: nothing is looked for
 * @param into existing directory for what is fetched: {@value #JAR}, and {@value #RESTORE_POINT}
 *     where a newer checkpoint was found; empty only where nothing is fetched
 * @param removed prefixes; everything that begins so is removed
 */
public record FetchTask(
    Optional<String> jar,
    Optional<String> known,
    List<String> searched,
    Optional<Path> into,
    List<String> removed) {

  /** The jar. */
  public static final String JAR = "job.jar";

  /** One line: the path of the checkpoint to start from. */
  public static final String RESTORE_POINT = "restore-point";

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException where it says something else
   */
  public static FetchTask parse(String... args) {
    String jar = null;
    String known = null;
    Path into = null;
    var searched = new ArrayList<String>();
    var removed = new ArrayList<String>();
    if (args.length % 2 != 0) {
      throw new IllegalArgumentException("the last argument has no value");
    }
    for (int i = 0; i < args.length; i += 2) {
      switch (args[i]) {
        case "--jar" -> jar = args[i + 1];
        case "--known" -> known = args[i + 1];
        case "--search" -> searched.add(args[i + 1]);
        case "--remove" -> removed.add(args[i + 1]);
        case "--into" -> into = Path.of(args[i + 1]);
        default -> throw new IllegalArgumentException("no such argument: " + args[i]);
      }
    }
    if (into == null && removed.isEmpty()) {
      throw new IllegalArgumentException("--into is missing");
    }
    return new FetchTask(
        Optional.ofNullable(jar),
        Optional.ofNullable(known),
        List.copyOf(searched),
        Optional.ofNullable(into),
        List.copyOf(removed));
  }
}
