package io.flinkcluster.operator.decide.fact;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the path of a checkpoint or savepoint tells. */
public final class SnapshotPaths {

  private static final Pattern NUMBER = Pattern.compile("/chk-([0-9]{1,18})/?$");

  private SnapshotPaths() {}

  /** The number of a checkpoint of Flink; -1 where it has none. */
  static long number(String path) {
    Matcher number = NUMBER.matcher(path);
    return number.find() ? Long.parseLong(number.group(1)) : -1;
  }

  /** Flink writes {@code file:/a} where a user wrote {@code file:///a}, and may drop a slash. */
  public static String plain(String path) {
    String text = path.replaceFirst("^([a-z][a-z0-9+.-]*):/+", "$1:/");
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /** Whether both are checkpoints of one job, this one with a higher number than the other. */
  static boolean laterOfTheSameJob(String path, String known) {
    return number(known) >= 0 && number(path) > number(known) && parent(path).equals(parent(known));
  }

  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  /** Whether it is a checkpoint of the job with this id; null: of no job. */
  static boolean ofJob(String path, String jobId) {
    return jobId != null && path.contains("/" + jobId + "/chk-");
  }

  /** Whether it is a checkpoint or savepoint right below this directory. */
  static boolean below(String directory, String snapshot) {
    String folder = Pattern.quote(plain(directory));
    return plain(snapshot).matches(folder + "/(chk|savepoint)-.*");
  }

  /** Whether it is a savepoint, by the name that Flink gives its directory. */
  static boolean savepoint(String path) {
    return plain(path).matches(".*/savepoint-[^/]*");
  }
}
