package io.flinkcluster.operator.e2e;

import io.flinkcluster.operator.e2e.LoadCurve.Mark;
import io.flinkcluster.operator.e2e.LoadCurve.Sample;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Draws a run as SVG: above what waits at the sources, below the TaskManagers, both over the time,
 * with the moments at which something happened. Readable on a light and on a dark page.
 */
final class CurvePicture {
  private static final int WIDTH = 860;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 90;
  private static final int BETWEEN = 40;
  private static final int HEIGHT_ABOVE = 190;
  private static final int HEIGHT_BELOW = 90;
  private static final int BOTTOM = 45;
  private static final int LINES_OF_MARKS = 4;

  private final StringBuilder out = new StringBuilder();
  private final List<Sample> samples;
  private final double seconds;

  private CurvePicture(List<Sample> samples) {
    this.samples = samples;
    this.seconds = Math.max(1, samples.stream().mapToDouble(Sample::seconds).max().orElse(1));
  }

  /** The picture of these samples in their order; an empty frame where there are none. */
  static String of(List<Sample> samples, List<Mark> marks) {
    return new CurvePicture(samples).draw(marks);
  }

  private String draw(List<Mark> marks) {
    int below = TOP + HEIGHT_ABOVE + BETWEEN;
    int height = below + HEIGHT_BELOW + BOTTOM;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH, height);
    add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, height);
    changes(below + HEIGHT_BELOW);
    double most = nice(samples.stream().mapToDouble(Sample::waiting).max().orElse(1));
    panel(TOP, HEIGHT_ABOVE, most, "records that wait");
    line(TOP, HEIGHT_ABOVE, most, Sample::waiting, "#1f5fa8", false);
    int size = 1 + samples.stream().mapToInt(Sample::taskManagers).max().orElse(1);
    panel(below, HEIGHT_BELOW, size, "TaskManagers");
    line(below, HEIGHT_BELOW, size, Sample::taskManagers, "#b3541e", true);
    for (int i = 0; i < marks.size(); i++) {
      mark(marks.get(i), i % LINES_OF_MARKS, below + HEIGHT_BELOW);
    }
    minutes(below + HEIGHT_BELOW);
    add("</svg>");
    return out.toString();
  }

  /** While an operation is under way the ground is grey. */
  private void changes(int bottom) {
    for (int i = 0; i < samples.size(); i++) {
      int first = i;
      while (i + 1 < samples.size() && samples.get(i).changes()) {
        i++;
      }
      if (i > first) {
        double from = x(samples.get(first).seconds());
        add(
            "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#e4e4e4\"/>",
            from, TOP, x(samples.get(i).seconds()) - from, bottom - TOP);
      }
    }
    add(
        "<text x=\"%d\" y=\"%d\" fill=\"#444444\">grey: a change is under way</text>",
        LEFT, bottom + 36);
  }

  private void panel(int top, int height, double most, String what) {
    for (int i = 0; i <= 2; i++) {
      double y = top + height - height * i / 2.0;
      add(
          "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#cccccc\"/>",
          LEFT, y, WIDTH - RIGHT, y);
      add(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#444444\">%s</text>",
          LEFT - 8, y + 4, number(most * i / 2));
    }
    add("<text x=\"%d\" y=\"%d\" fill=\"#222222\">%s</text>", LEFT, top - 6, what);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
  }

  private void line(
      int top,
      int height,
      double most,
      ToDoubleFunction<Sample> value,
      String color,
      boolean steps) {
    var points = new StringBuilder();
    double before = 0;
    for (Sample sample : samples) {
      double y = top + height - height * value.applyAsDouble(sample) / most;
      if (steps && !points.isEmpty()) {
        points.append(format("%.1f,%.1f ", x(sample.seconds()), before));
      }
      points.append(format("%.1f,%.1f ", x(sample.seconds()), y));
      before = y;
    }
    add(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
        points.toString().strip(), color);
  }

  private void mark(Mark mark, int line, int bottom) {
    double x = x(mark.seconds());
    int y = 16 + 16 * line;
    boolean late = x > WIDTH * 0.7;
    add(
        "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#777777\" stroke-dasharray=\"3 3\"/>",
        x, y + 3, x, bottom);
    add(
        "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\" fill=\"#222222\">%s</text>",
        late ? x - 3 : x + 3, y, late ? "end" : "start", mark.text());
  }

  private void minutes(int bottom) {
    for (int minute = 0; minute * 60 <= seconds; minute++) {
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#444444\">%d</text>",
          x(minute * 60), bottom + 18, minute);
    }
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#222222\">minutes</text>",
        WIDTH - RIGHT, bottom + 36);
  }

  private double x(double second) {
    return LEFT + (WIDTH - LEFT - RIGHT) * second / seconds;
  }

  /** The next of 1, 2 and 5 with zeros. */
  private static double nice(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, value))));
    for (double step : new double[] {1, 2, 5, 10}) {
      if (value <= step * power) {
        return step * power;
      }
    }
    return 10 * power;
  }

  private void add(String format, Object... values) {
    out.append(format(format, values)).append('\n');
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
