package io.flinkcluster.operator.cli.convert;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spellings of other worlds, in ours. */
final class Values {
  private static final Pattern AMOUNT = Pattern.compile("^\\s*([0-9.]+)\\s*([A-Za-z]*)\\s*$");
  private static final Pattern VERSION = Pattern.compile("^v?([0-9]+)[._]([0-9]+).*$");

  private Values() {}

  /** Flink's memory sizes are binary, and {@code m} is mega; for Kubernetes it is milli. */
  static Optional<String> memory(String flink) {
    Matcher matcher = AMOUNT.matcher(flink);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String number = matcher.group(1);
    return switch (matcher.group(2).toLowerCase(java.util.Locale.ROOT)) {
      case "", "b", "bytes" -> Optional.of(number);
      case "k", "kb", "kibibytes", "ki" -> Optional.of(number + "Ki");
      case "m", "mb", "mebibytes", "mi" -> Optional.of(number + "Mi");
      case "g", "gb", "gibibytes", "gi" -> Optional.of(number + "Gi");
      case "t", "tb", "tebibytes", "ti" -> Optional.of(number + "Ti");
      default -> Optional.empty();
    };
  }

  /** Flink's durations have blanks, many units, and milliseconds without one. */
  static Optional<String> duration(String flink) {
    Matcher matcher = AMOUNT.matcher(flink);
    if (!matcher.matches() || matcher.group(1).contains(".")) {
      return Optional.empty();
    }
    String number = matcher.group(1);
    return switch (matcher.group(2).toLowerCase(java.util.Locale.ROOT)) {
      case "", "ms", "milli", "millis", "millisecond", "milliseconds" -> Optional.of(number + "ms");
      case "s", "sec", "secs", "second", "seconds" -> Optional.of(number + "s");
      case "m", "min", "minute", "minutes" -> Optional.of(number + "m");
      case "h", "hour", "hours" -> Optional.of(number + "h");
      case "d", "day", "days" -> Optional.of(number + "d");
      default -> Optional.empty();
    };
  }

  /** {@code v1_20} and {@code 1.20.5} are {@code 1.20}. */
  static Optional<String> minor(String version) {
    Matcher matcher = VERSION.matcher(version);
    return matcher.matches()
        ? Optional.of(matcher.group(1) + "." + matcher.group(2))
        : Optional.empty();
  }

  /**
   * The maximum parallelism that Flink derives where none is set: a power of two that is one and a
   * half times the parallelism or more, at least 128. A job's state is fixed to it.
   */
  static int derivedMaxParallelism(int parallelism) {
    int wanted = parallelism + parallelism / 2;
    int power = wanted <= 1 ? 1 : Integer.highestOneBit(wanted - 1) << 1;
    return Math.min(Math.max(power, 128), 32_768);
  }
}
