package io.flinkcluster.operator.fetch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What to fetch. On the command line: {@code [--unless FILE] [--check DIRECTORY...] [--jar URI]
 * [--search DIRECTORY... --snapshots FILE] --into DIRECTORY}, or {@code --remove PREFIX...}, or
 * {@code --check DIRECTORY...} alone.
 *
 * @param unless nothing is fetched where this exists: Flink has started in this pod before, and
 *     will not a second time; empty: whatever is there
 * @param checked directories of Flink on S3, in which it is tried whether Flink can work; empty:
 *     nothing is tried
 * @param jar {@code s3://} or {@code https://}; empty: none
 * @param searched directories of jobs, and of operations that were to take savepoints, on S3, in
 *     which snapshots are looked for; empty: nothing is looked for
 * @param snapshots the file for what was found, a line for each: the directory, the number of the
 *     snapshot in the line of its job, its path, with tabs between them; number -1, and the
 *     directory once more, for one that holds anything. Empty only where nothing is looked for
 * @param into existing directory for the jar, which is called {@value #JAR}; empty only where
 *     nothing is fetched
 * @param removed prefixes; everything that begins so is removed
 */
public record FetchTask(
    Optional<Path> unless,
    List<String> checked,
    Optional<String> jar,
    List<String> searched,
    Optional<Path> snapshots,
    Optional<Path> into,
    List<String> removed) {

  /** The jar. */
  public static final String JAR = "job.jar";

  /** The same without the check of directories. */
  public FetchTask withoutCheck() {
    return new FetchTask(unless, List.of(), jar, searched, snapshots, into, removed);
  }

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException where it says something else
   */
  public static FetchTask parse(String... args) {
    Path unless = null;
    String jar = null;
    Path snapshots = null;
    Path into = null;
    var checked = new ArrayList<String>();
    var searched = new ArrayList<String>();
    var removed = new ArrayList<String>();
    if (args.length % 2 != 0) {
      throw new IllegalArgumentException("the last argument has no value");
    }
    for (int i = 0; i < args.length; i += 2) {
      switch (args[i]) {
        case "--unless" -> unless = Path.of(args[i + 1]);
        case "--jar" -> jar = args[i + 1];
        case "--check" -> checked.add(args[i + 1]);
        case "--search" -> searched.add(args[i + 1]);
        case "--snapshots" -> snapshots = Path.of(args[i + 1]);
        case "--remove" -> removed.add(args[i + 1]);
        case "--into" -> into = Path.of(args[i + 1]);
        default -> throw new IllegalArgumentException("no such argument: " + args[i]);
      }
    }
    if (into == null && removed.isEmpty() && checked.isEmpty()) {
      throw new IllegalArgumentException("--into is missing");
    }
    if (snapshots == null && !searched.isEmpty()) {
      throw new IllegalArgumentException("--snapshots is missing");
    }
    return new FetchTask(
        Optional.ofNullable(unless),
        List.copyOf(checked),
        Optional.ofNullable(jar),
        List.copyOf(searched),
        Optional.ofNullable(snapshots),
        Optional.ofNullable(into),
        List.copyOf(removed));
  }
}
