package io.flinkcluster.operator.flinkrest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads the buffer timeout from the configuration that a JobManager publishes. */
final class BufferTimeouts {

  private static final String ENABLED = "execution.buffer-timeout.enabled";
  private static final String INTERVAL = "execution.buffer-timeout.interval";

  /** The spelling of the interval before Flink 1.18, which all later versions still read. */
  private static final String FORMER_INTERVAL = "execution.buffer-timeout";

  private static final long FLINK_DEFAULT = 100;
  private static final long NEVER = -1;

  /** Digits and a unit, as Flink's own TimeUtils reads them (2.3.0). */
  private static final Pattern DURATION = Pattern.compile("(\\d{1,15})\\s*([a-zµ]*)");

  private static final Map<String, Double> MILLIS =
      Map.of(
          "d",
          86_400_000.0,
          "h",
          3_600_000.0,
          "min",
          60_000.0,
          "m",
          60_000.0,
          "s",
          1_000.0,
          "ms",
          1.0,
          "",
          1.0,
          "µs",
          0.001,
          "ns",
          0.000_001);

  private BufferTimeouts() {}

  static OptionalLong millis(JsonNode entries) {
    var configuration = new HashMap<String, String>();
    for (JsonNode entry : entries) {
      configuration.put(entry.path("key").asText(""), entry.path("value").asText(""));
    }
    if (configuration.getOrDefault(ENABLED, "true").strip().equalsIgnoreCase("false")) {
      return OptionalLong.of(NEVER);
    }
    String interval = configuration.getOrDefault(INTERVAL, configuration.get(FORMER_INTERVAL));
    return interval == null ? OptionalLong.of(FLINK_DEFAULT) : duration(interval);
  }

  private static OptionalLong duration(String text) {
    var matcher = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    Double unit = MILLIS.get(shortUnit(matcher.group(2)));
    return unit == null
        ? OptionalLong.empty()
        : OptionalLong.of((long) (Long.parseLong(matcher.group(1)) * unit));
  }

  private static String shortUnit(String unit) {
    String singular =
        unit.length() > 2 && unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit;
    return switch (singular) {
      case "day" -> "d";
      case "hour" -> "h";
      case "minute" -> "min";
      case "sec", "second" -> "s";
      case "milli", "millisecond" -> "ms";
      case "micro", "microsecond" -> "µs";
      case "nano", "nanosecond" -> "ns";
      default -> singular;
    };
  }
}
