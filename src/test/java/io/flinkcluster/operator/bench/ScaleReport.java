package io.flinkcluster.operator.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The tables of {@code dev/bench/scale}, filled as it goes on. */
final class ScaleReport {
  private final int clusters;
  private final List<Phase> phases = new ArrayList<>();
  private final List<String> latencies = new ArrayList<>();
  private final List<Size> sizes = new ArrayList<>();

  ScaleReport(int clusters) {
    this.clusters = clusters;
  }

  /**
   * One line of the first table.
   *
   * @param least what no operator can do it with, in words
   */
  private record Phase(String what, Activity activity, String least) {}

  /** One line of the second table. */
  private record Size(String what, String value, String perCluster) {}

  void add(String what, Activity activity, String least) {
    phases.add(new Phase(what, activity, least));
  }

  /** How long it took until something was done about each of these changes. */
  void latencies(String what, Collection<Duration> each) {
    List<Double> seconds = each.stream().map(d -> d.toMillis() / 1000.0).toList();
    latencies.add(
        seconds.isEmpty()
            ? Report.text("%-56s %9s%n", what, "none")
            : Report.text(
                "%-56s %7.2f %9.2f %9.2f%n",
                what,
                Statistics.median(seconds),
                Statistics.percentile(seconds, 99),
                Statistics.percentile(seconds, 100)));
  }

  /** A size in kB, shown in MB and in kB for each cluster. */
  void memory(String what, long kilobytes) {
    size(what + ", MB", Report.text("%.0f", kilobytes / 1000.0), kilobytes, " kB");
  }

  void count(String what, long count) {
    size(what, Long.toString(count), count, "");
  }

  private void size(String what, String value, long whole, String unit) {
    sizes.add(new Size(what, value, Report.text("%.1f%s", (double) whole / clusters, unit)));
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append(
        Report.text(
            "%-34s %8s %8s %10s %10s %10s %10s  %s%n",
            clusters + " clusters",
            "s",
            "CPU s",
            "cores",
            "JM calls",
            "API reads",
            "API writes",
            "least writes"));
    for (Phase phase : phases) {
      Activity a = phase.activity;
      text.append(
          Report.text(
              "%-34s %8.1f %8.1f %10.2f %10d %10d %10d  %s%n",
              phase.what,
              a.seconds(),
              a.cpuSeconds(),
              a.cpuSeconds() / a.seconds(),
              a.calls(),
              a.reads(),
              a.allWrites(),
              phase.least));
      text.append(
          Report.text(
              "%-34s %8s %8.3f %10s %10.1f %10.1f %10.1f%n",
              "  each cluster",
              "",
              a.cpuSeconds() / clusters,
              "",
              (double) a.calls() / clusters,
              (double) a.reads() / clusters,
              (double) a.allWrites() / clusters));
      a.writes().forEach((what, count) -> text.append(Report.text("    %-40s %8d%n", what, count)));
    }
    if (!latencies.isEmpty()) {
      text.append(
          Report.text(
              "%n%-54s %9s %9s %9s%n",
              "From a change to the first write of the operator, s", "p50", "p99", "most"));
      latencies.forEach(text::append);
    }
    text.append(Report.text("%n%-50s %10s %14s%n", "At rest", "", "each cluster"));
    for (Size size : sizes) {
      text.append(Report.text("%-50s %10s %14s%n", size.what, size.value, size.perCluster));
    }
    return text.toString().replaceAll("[ ]+(?=\\R)", "");
  }
}
