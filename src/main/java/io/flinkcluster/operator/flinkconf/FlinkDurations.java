package io.flinkcluster.operator.flinkconf;

import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as the resource spells them, and as Flink does. */
public final class FlinkDurations {

  private static final Pattern SPELLING = Pattern.compile("([0-9]{1,12})\\s*(ms|s|m|min|h|d)");

  private FlinkDurations() {}

  /**
   * Flink's spelling of a checked duration, in milliseconds.
   *
   * @throws IllegalArgumentException where the text is no duration
   */
  public static String of(String text) {
    return millis(text)
        .map(millis -> millis + " ms")
        .orElseThrow(() -> new IllegalArgumentException("not a duration: " + text));
  }

  /** Milliseconds; empty where the text is no duration or too long for a Java long. */
  public static Optional<Long> millis(String text) {
    var matcher = SPELLING.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Math.multiplyExact(Long.parseLong(matcher.group(1)), unit(matcher.group(2))));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static long unit(String unit) {
    return switch (unit) {
      case "ms" -> 1L;
      case "s" -> 1_000L;
      case "m", "min" -> 60_000L;
      case "h" -> 3_600_000L;
      default -> 86_400_000L;
    };
  }
}
