package io.flinkcluster.operator.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables of a run, filled as it goes on, so that what was measured before a failure shows. */
final class Report {
  private final List<Figure> figures = new ArrayList<>();
  private final List<Restart> restarts = new ArrayList<>();
  private final List<InPlace> inPlace = new ArrayList<>();
  private ApiRequests requests;

  /**
   * One line of the first table.
   *
   * @param operator what was measured; empty: this line has none
   * @param reference the same without an operator; empty: there is none
   * @param ratio of the two; empty: not said
   * @param goal empty: there is none
   */
  record Figure(String what, String operator, String reference, String ratio, String goal) {}

  /**
   * A restart by savepoint; all times in seconds.
   *
   * @param flink from the moment at which Flink is let start in the pod of the new JobManager to
   *     all tasks running
   * @param podEnds how long the end of such a pod takes Kubernetes alone
   */
  record Restart(String what, OperationTimes times, double flink, double podEnds) {
    /**
     * What is neither Flink's nor the end of the old pod: to see, to decide, to write down, and for
     * the release to come to the new pod.
     */
    double ours() {
      return times.downtime() - flink - podEnds;
    }
  }

  /** A rescale in which the job's processes stay. */
  record InPlace(String what, OperationTimes times) {}

  void add(Figure figure) {
    figures.add(figure);
  }

  void add(Restart restart) {
    restarts.add(restart);
  }

  void add(InPlace rescale) {
    inPlace.add(rescale);
  }

  void requests(ApiRequests made) {
    requests = made;
  }

  /** Milliseconds as seconds with a tenth. */
  static String seconds(double milliseconds) {
    return text("%.1f", milliseconds / 1000);
  }

  static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    text.append(text("%-46s %12s %12s %8s %10s%n", "", "operator", "reference", "ratio", "goal"));
    for (Figure f : figures) {
      text.append(
          text(
              "%-46s %12s %12s %8s %10s%n",
              f.what, dash(f.operator), dash(f.reference), dash(f.ratio), f.goal));
    }
    if (requests != null) {
      requests(text);
    }
    if (!restarts.isEmpty()) {
      restarts(text);
    }
    if (!inPlace.isEmpty()) {
      inPlace(text);
    }
    return text.toString().replaceAll("[ ]+(?=\\R)", "");
  }

  private static String dash(String figure) {
    return figure.isEmpty() ? "-" : figure;
  }

  private void requests(StringBuilder text) {
    text.append(
        """

        Requests from the operator's start to a ready cluster (one LIST and one WATCH of flinkclusters
        and one GET of deployments are the benchmark's)
        """);
    requests
        .counts()
        .forEach(
            (what, count) -> {
              String[] words = what.split(" ", 2);
              text.append(text("  %-10s %-40s %5d%n", words[0], words[1], count));
            });
  }

  private void restarts(StringBuilder text) {
    text.append(
        """

        By savepoint, s. Preparing, and the savepoint until the job has ended, come before the downtime.
        Of it, Flink's: from the release of the new JobManager, whose pod is there by then, to all tasks
        running. Kubernetes' own, in the same run without an operator: a JobManager's pod ends. Ours is the
        rest: to see, to decide, to write down, and for the release to come to the pod.
        """);
    text.append(
        text(
            "%-8s %-10s %9s %9s | %9s %7s | %9s %8s %7s %8s%n",
            "",
            "result",
            "preparing",
            "savepoint",
            "downtime",
            "goal",
            "Flink",
            "pod ends",
            "ours",
            "goal"));
    for (Restart r : restarts) {
      OperationTimes t = r.times;
      text.append(
          text(
              "%-8s %-10s %9.1f %9.1f | %9.1f %7s | %9.1f %8.1f %7.1f %8s%n",
              r.what,
              t.result(),
              t.preparing(),
              t.savepoint(),
              t.downtime(),
              "<= 5",
              r.flink,
              r.podEnds,
              r.ours(),
              "<= 1"));
    }
  }

  private void inPlace(StringBuilder text) {
    text.append("\nIn place, s: without running tasks, and from the beginning to the end\n");
    text.append(text("%-8s %-10s %9s %7s | %9s%n", "", "result", "downtime", "goal", "whole"));
    for (InPlace r : inPlace) {
      OperationTimes t = r.times;
      text.append(
          text(
              "%-8s %-10s %9.1f %7s | %9.1f%n",
              r.what, t.result(), t.downtime(), "<= 3", t.whole()));
    }
  }
}
