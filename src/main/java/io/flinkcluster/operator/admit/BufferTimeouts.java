package io.flinkcluster.operator.admit;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.flinkconf.OptionValues;
import io.flinkcluster.operator.model.BufferTimeout;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code spec.bufferTimeout}. */
final class BufferTimeouts {

  private static final String FIELD = "spec.bufferTimeout";
  private static final String EXAMPLES =
      "write 100ms, 5ms or 1s, a plain number of milliseconds, -1 to send only full buffers, or"
          + " leave it out for Flink's 100 ms";
  private static final Pattern SPELLING =
      Pattern.compile("(-?[0-9]{1,12})\\s*(ns|us|ms|s|m|min|h|d)?");
  private static final Pattern FRACTION = Pattern.compile("-?[0-9]*\\.[0-9]+\\s*[a-z]*");

  /** A day; beyond it a record would in effect never be sent, which is what -1 is for. */
  private static final long LONGEST = 86_400_000L;

  /** Flink's default of the target, in milliseconds (1.20 to 2.3). */
  private static final long DEBLOAT_TARGET = 1_000;

  private BufferTimeouts() {}

  static Optional<BufferTimeout> read(IntOrString given, Findings findings) {
    if (given == null || given.getValue() == null) {
      return Optional.empty();
    }
    String text = given.getValue().toString().strip();
    var matcher = SPELLING.matcher(text);
    if (!matcher.matches()) {
      String reason =
          FRACTION.matcher(text).matches() ? "fractions are not possible" : "is not a duration";
      findings.refuse(FIELD, text, reason, EXAMPLES);
      return Optional.empty();
    }
    return read(text, Long.parseLong(matcher.group(1)), matcher.group(2), findings);
  }

  /** What is accepted together, but cannot do what it says. */
  static void checkMixes(
      FlinkClusterSpec spec,
      Optional<BufferTimeout> given,
      Map<String, String> options,
      Findings findings) {
    if (given.isEmpty()) {
      return;
    }
    long millis = given.get().millis();
    String mode = options.getOrDefault("execution.runtime-mode", "STREAMING");
    if (mode.equalsIgnoreCase("BATCH") && millis != -1) {
      findings.warn(
          FIELD,
          spec.bufferTimeout().getValue(),
          "has no effect with execution.runtime-mode BATCH, where only full buffers are sent (-1)",
          "leave it out");
    }
    if (mode.equalsIgnoreCase("AUTOMATIC") && millis != -1) {
      findings.warn(
          FIELD,
          spec.bufferTimeout().getValue(),
          "has no effect where execution.runtime-mode AUTOMATIC finds only bounded sources; full"
              + " buffers alone are sent then (-1)",
          "write execution.runtime-mode STREAMING where the timeout matters");
    }
    checkDebloating(spec, millis, options, findings);
  }

  private static void checkDebloating(
      FlinkClusterSpec spec, long millis, Map<String, String> options, Findings findings) {
    var prefix = "taskmanager.network.memory.buffer-debloat.";
    if (!"true".equalsIgnoreCase(options.get(prefix + "enabled"))) {
      return;
    }
    long target =
        Optional.ofNullable(options.get(prefix + "target"))
            .flatMap(OptionValues::millis)
            .orElse(DEBLOAT_TARGET);
    if (millis == -1) {
      findings.warn(
          FIELD,
          spec.bufferTimeout().getValue(),
          "sends only full buffers, so that "
              + prefix
              + "enabled cannot bound how long a record waits: with little traffic it waits without"
              + " limit",
          "write a timeout below " + target + "ms, or turn debloating off");
    } else if (millis > target) {
      findings.warn(
          FIELD,
          spec.bufferTimeout().getValue(),
          "lets a record wait longer in one buffer than the "
              + target
              + "ms that "
              + prefix
              + "target allows all buffers of a task",
          "write a timeout below " + target + "ms, or raise the target");
    }
  }

  private static Optional<BufferTimeout> read(
      String text, long number, String unit, Findings findings) {
    if (number < 0) {
      return negative(text, number, unit, findings);
    }
    if (number == 0) {
      findings.warn(
          FIELD,
          text,
          "0 sends a buffer after every record, at a severe loss of throughput",
          "write 5ms for low latency, or -1 for the highest throughput");
      return Optional.of(new BufferTimeout(0));
    }
    if ("ns".equals(unit) || "us".equals(unit)) {
      findings.refuse(
          FIELD,
          text,
          "Flink counts whole milliseconds and would turn less than one into 0, which sends a"
              + " buffer after every record",
          "write 1ms or more");
      return Optional.empty();
    }
    long millis = number * factor(unit);
    if (millis > LONGEST) {
      findings.refuse(FIELD, text, "is longer than a day", "write -1 to send only full buffers");
      return Optional.empty();
    }
    return Optional.of(new BufferTimeout(millis));
  }

  private static Optional<BufferTimeout> negative(
      String text, long number, String unit, Findings findings) {
    if (number == -1 && (unit == null || unit.equals("ms"))) {
      return Optional.of(new BufferTimeout(-1));
    }
    findings.refuse(FIELD, text, "the only negative value is -1", EXAMPLES);
    return Optional.empty();
  }

  private static long factor(String unit) {
    return switch (unit == null ? "ms" : unit) {
      case "s" -> 1_000L;
      case "m", "min" -> 60_000L;
      case "h" -> 3_600_000L;
      case "d" -> 86_400_000L;
      default -> 1L;
    };
  }
}
