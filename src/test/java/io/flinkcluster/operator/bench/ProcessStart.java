package io.flinkcluster.operator.bench;

/** When the first process of a pod began, by the kernel's own account. */
final class ProcessStart {
  /** What to run in the pod. */
  static final String COMMAND = "cat /proc/1/stat /proc/uptime; date +%s%3N";

  /** Of all Linux, as far as programs see it. */
  private static final int TICKS_PER_SECOND = 100;

  /** Of the fields behind the name, which may hold blanks: the ticks from boot to the start. */
  private static final int START = 19;

  private ProcessStart() {}

  /**
   * Reads it from what the command said.
   *
   * @return milliseconds since the epoch; 10 ms is the finest that the kernel tells
   */
  static long read(String output) {
    String[] lines = output.strip().split("\n");
    String behindName = lines[0].substring(lines[0].lastIndexOf(')') + 2);
    long ticks = Long.parseLong(behindName.split(" ")[START]);
    double uptime = Double.parseDouble(lines[1].split(" ")[0]);
    return Math.round(
        Long.parseLong(lines[2]) - uptime * 1000 + ticks * (1000.0 / TICKS_PER_SECOND));
  }
}
