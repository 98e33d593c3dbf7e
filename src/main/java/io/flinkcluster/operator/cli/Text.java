package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.model.Times;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How things are written for people. */
final class Text {
  private static final int LABEL = 12;
  private static final int SECONDS = 120;

  private Text() {}

  /** {@code 1 error}, {@code 2 errors}. */
  static String count(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  /** As kubectl writes ages: {@code 45s}, {@code 5m}, {@code 3h}, {@code 2d}. */
  static String age(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < SECONDS) {
      return seconds + "s";
    }
    if (seconds < Duration.ofHours(3).toSeconds()) {
      return seconds / 60 + "m";
    }
    return seconds < Duration.ofDays(2).toSeconds() ? seconds / 3600 + "h" : seconds / 86400 + "d";
  }

  /** The moment and how long ago it is; empty where there is none or it cannot be read. */
  static Optional<String> ago(String moment, Instant now) {
    try {
      return Times.moment(moment)
          .map(at -> moment + " (" + age(Duration.between(at, now)) + " ago)");
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** A label and what belongs to it; further lines of it are indented as the first. */
  static String line(String label, String value) {
    String indent = "\n" + " ".repeat(LABEL);
    return label + " ".repeat(Math.max(1, LABEL - label.length())) + value.replace("\n", indent);
  }

  /** Columns that are as wide as their widest cell. */
  static String table(List<List<String>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    rows.forEach(
        row -> {
          for (int i = 0; i < row.size(); i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
          }
        });
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      text.append(text.isEmpty() ? "" : "\n").append(line.toString().stripTrailing());
    }
    return text.toString();
  }

  static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double size = bytes;
    int unit = 0;
    while (size >= 1024 && unit < units.length - 1) {
      size /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : String.format(java.util.Locale.ROOT, "%.1f %s", size, units[unit]);
  }
}
