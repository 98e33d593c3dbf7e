package io.flinkcluster.operator.model;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** How moments and durations are written in the resource and its status. */
public final class Times {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Times() {}

  /** RFC 3339 in UTC with milliseconds. */
  public static String text(Instant moment) {
    return MOMENT.format(moment);
  }

  /** Reads what {@link #text(Instant)} wrote; empty for null. */
  public static Optional<Instant> moment(String text) {
    return Optional.ofNullable(text).map(Instant::parse);
  }

  /** Seconds with three decimals: {@code 1.250s}; a negative duration counts as none. */
  public static String text(Duration duration) {
    long millis = Math.max(0, duration.toMillis());
    return String.format(Locale.ROOT, "%d.%03ds", millis / 1000, millis % 1000);
  }

  /**
   * Reads a duration of the resource: a whole number and one of {@code ms s m min h d}, or 0.
   *
   * @throws IllegalArgumentException if the text is of another form
   */
  public static Duration duration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    int unit = 0;
    while (unit < text.length() && Character.isDigit(text.charAt(unit))) {
      unit++;
    }
    if (unit == 0) {
      throw new IllegalArgumentException("a duration begins with a number: " + text);
    }
    long number = Long.parseLong(text.substring(0, unit));
    return switch (text.substring(unit).trim()) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m", "min" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> throw new IllegalArgumentException("unknown unit of a duration: " + text);
    };
  }
}
