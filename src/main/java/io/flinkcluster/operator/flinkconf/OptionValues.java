package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.FlinkVersion;
import java.math.BigInteger;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether Flink can read a text as the value of an option. By the rules of {@code
 * ConfigurationUtils}, {@code TimeUtils} and {@code MemorySize} of 1.20 to 2.3, with which a test
 * compares them.
 */
public final class OptionValues {

  private static final Pattern AMOUNT = Pattern.compile("([0-9]+)\\s*(.*)", Pattern.DOTALL);
  private static final BigInteger LONGEST = BigInteger.valueOf(Long.MAX_VALUE);

  private static final BigInteger NANOS_OF_SECOND = BigInteger.valueOf(1_000_000_000L);
  private static final BigInteger NANOS_OF_MILLI = BigInteger.valueOf(1_000_000L);
  private static final Pattern PLURAL =
      Pattern.compile("(day|hour|minute|sec|second|(milli|micro|nano)(second)?)s");

  /** Nanoseconds by unit. */
  private static final Map<String, Long> UNITS_OF_TIME =
      Map.ofEntries(
          Map.entry("", 1_000_000L),
          Map.entry("ns", 1L),
          Map.entry("nano", 1L),
          Map.entry("nanosecond", 1L),
          Map.entry("µs", 1_000L),
          Map.entry("micro", 1_000L),
          Map.entry("microsecond", 1_000L),
          Map.entry("ms", 1_000_000L),
          Map.entry("milli", 1_000_000L),
          Map.entry("millisecond", 1_000_000L),
          Map.entry("s", 1_000_000_000L),
          Map.entry("sec", 1_000_000_000L),
          Map.entry("second", 1_000_000_000L),
          Map.entry("m", 60_000_000_000L),
          Map.entry("min", 60_000_000_000L),
          Map.entry("minute", 60_000_000_000L),
          Map.entry("h", 3_600_000_000_000L),
          Map.entry("hour", 3_600_000_000_000L),
          Map.entry("d", 86_400_000_000_000L),
          Map.entry("day", 86_400_000_000_000L));

  /** Powers of 1024 by unit. */
  private static final Map<String, Integer> UNITS_OF_MEMORY =
      Map.ofEntries(
          Map.entry("", 0),
          Map.entry("b", 0),
          Map.entry("bytes", 0),
          Map.entry("k", 1),
          Map.entry("kb", 1),
          Map.entry("kibibytes", 1),
          Map.entry("m", 2),
          Map.entry("mb", 2),
          Map.entry("mebibytes", 2),
          Map.entry("g", 3),
          Map.entry("gb", 3),
          Map.entry("gibibytes", 3),
          Map.entry("t", 4),
          Map.entry("tb", 4),
          Map.entry("tebibytes", 4));

  private OptionValues() {}

  /**
   * What to write instead.
   *
   * @return empty where Flink can read the value; several values and names with texts are read too
   *     leniently to be checked
   */
  public static Optional<String> remedy(FlinkVersion version, OptionType type, String value) {
    if (type.list() || readable(version, type, value)) {
      return Optional.empty();
    }
    return Optional.of(
        switch (type.kind()) {
          case INT, LONG -> "write a whole number";
          case FLOAT, DOUBLE -> "write a number, for instance 0.5";
          case BOOLEAN -> "write true or false";
          case DURATION -> "write a whole number and a unit, for instance 500 ms, 10 s or 5 min";
          case MEMORY ->
              "write a whole number and a unit of 1024, for instance 64 mb or 2 gb; Gi and Mi are"
                  + " Kubernetes' units, not Flink's";
          case ENUM -> "write " + String.join(", ", type.words());
          case MAP -> "write name:text,name:text";
          case STRING -> "write text";
        });
  }

  /** What a value must be, in words. */
  public static String expected(OptionType type) {
    return switch (type.kind()) {
      case INT -> "a whole number of 32 bits";
      case LONG -> "a whole number of 64 bits";
      case FLOAT, DOUBLE -> "a number";
      case BOOLEAN -> "a boolean";
      case DURATION -> "a duration";
      case MEMORY -> "an amount of memory";
      case ENUM -> "one of its words";
      case MAP -> "names and texts";
      case STRING -> "text";
    };
  }

  private static boolean readable(FlinkVersion version, OptionType type, String value) {
    return switch (type.kind()) {
      case STRING -> true;
      case INT -> whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case LONG -> whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
      case FLOAT, DOUBLE -> number(value);
      case BOOLEAN -> value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false");
      case DURATION -> duration(version, value.strip());
      case MEMORY -> bytes(value).isPresent();
      case ENUM -> type.words().stream().anyMatch(value::equalsIgnoreCase);
      case MAP -> map(value);
    };
  }

  /** Bytes of an amount of memory; empty where Flink cannot read it. */
  public static Optional<Long> bytes(String value) {
    var matcher = AMOUNT.matcher(value.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Integer power = UNITS_OF_MEMORY.get(matcher.group(2).toLowerCase(Locale.US));
    if (power == null) {
      return Optional.empty();
    }
    var bytes = new BigInteger(matcher.group(1)).shiftLeft(10 * power);
    return bytes.compareTo(LONGEST) > 0 ? Optional.empty() : Optional.of(bytes.longValue());
  }

  private static boolean whole(String value, long least, long most) {
    try {
      long number = Long.parseLong(value);
      return number >= least && number <= most;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean number(String value) {
    try {
      Double.parseDouble(value);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Milliseconds of a duration, rounded down; empty where Flink cannot read it so. */
  public static Optional<Long> millis(String value) {
    return nanos(value.strip())
        .map(nanos -> nanos.divide(NANOS_OF_MILLI))
        .filter(millis -> millis.compareTo(LONGEST) <= 0)
        .map(BigInteger::longValue);
  }

  private static boolean duration(FlinkVersion version, String value) {
    Optional<BigInteger> nanos = nanos(value);
    if (nanos.isEmpty()) {
      // Since 2.1 also as ISO 8601 writes it.
      return version.compareTo(FlinkVersion.V2_1) >= 0 && iso(value);
    }
    var amount = new BigInteger(value.replaceAll("[^0-9].*", ""));
    boolean counted = version != FlinkVersion.V1_20 || amount.compareTo(LONGEST) <= 0;
    return counted && nanos.get().divide(NANOS_OF_SECOND).compareTo(LONGEST) <= 0;
  }

  private static Optional<BigInteger> nanos(String value) {
    var matcher = AMOUNT.matcher(value);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String unit = matcher.group(2).toLowerCase(Locale.US);
    String single = PLURAL.matcher(unit).matches() ? unit.substring(0, unit.length() - 1) : unit;
    return Optional.ofNullable(UNITS_OF_TIME.get(single))
        .map(nanos -> new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(nanos)));
  }

  private static boolean iso(String value) {
    try {
      Duration.parse(value);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static boolean map(String value) {
    boolean plain = value.chars().noneMatch(c -> c == '"' || c == '\'' || c == '{');
    return !plain
        || value.isBlank()
        || Arrays.stream(value.split(",")).allMatch(part -> part.indexOf(':') > 0);
  }
}
