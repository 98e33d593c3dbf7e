package io.flinkcluster.operator.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Quantities as the API server stores them ({@code 1024Mi} becomes {@code 1Gi}, {@code 0.5} becomes
 * {@code 500m}), so that what is rendered equals what is read back.
 */
public final class CanonicalQuantity {

  private static final Pattern SPELLING =
      Pattern.compile(
          "([+-]?(?:[0-9]{1,30}(?:\\.[0-9]{0,30})?|\\.[0-9]{1,30}))"
              + "(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?[0-9]{1,2})?");
  private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
  private static final List<String> DECIMAL =
      List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private CanonicalQuantity() {}

  /** The value in its base unit (bytes, cores); empty where the text is no quantity. */
  public static Optional<BigDecimal> value(String text) {
    var matcher = SPELLING.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String suffix = matcher.group(2) == null ? "" : matcher.group(2);
    var value = new BigDecimal(matcher.group(1)).multiply(factor(suffix));
    return value.abs().compareTo(MAX) > 0 ? Optional.empty() : Optional.of(value);
  }

  /** The canonical spelling; the text itself where it is no quantity. */
  public static String of(String text) {
    return value(text).map(value -> format(value, text)).orElse(text);
  }

  private static String format(BigDecimal value, String text) {
    if (text.matches(".*[0-9.][eE][+-]?[0-9]+")) {
      return exponent(value);
    }
    boolean whole = value.stripTrailingZeros().scale() <= 0;
    if (text.endsWith("i") && whole && value.abs().compareTo(KIBI) >= 0) {
      return binary(value.toBigIntegerExact().longValueExact());
    }
    return decimal(value);
  }

  private static String binary(long value) {
    int power = 0;
    long rest = value;
    while (rest % 1024 == 0 && power < BINARY.size() - 1) {
      rest /= 1024;
      power++;
    }
    return rest + BINARY.get(power);
  }

  private static String decimal(BigDecimal value) {
    var nano = value.movePointRight(9).setScale(0, RoundingMode.UP).toBigInteger();
    var thousand = BigInteger.valueOf(1000);
    int power = 0;
    while (nano.signum() != 0 && power < DECIMAL.size() - 1 && nano.mod(thousand).signum() == 0) {
      nano = nano.divide(thousand);
      power++;
    }
    return nano.signum() == 0 ? "0" : nano + DECIMAL.get(power);
  }

  private static String exponent(BigDecimal value) {
    String decimal = decimal(value);
    String suffix = decimal.replaceAll("[0-9-]", "");
    int power = (DECIMAL.indexOf(suffix) - 3) * 3;
    String number = decimal.substring(0, decimal.length() - suffix.length());
    return power == 0 ? number : number + "e" + power;
  }

  private static BigDecimal factor(String suffix) {
    if (BINARY.contains(suffix)) {
      return KIBI.pow(BINARY.indexOf(suffix));
    }
    if (DECIMAL.contains(suffix)) {
      return BigDecimal.ONE.scaleByPowerOfTen(3 * DECIMAL.indexOf(suffix) - 9);
    }
    return BigDecimal.ONE.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1)));
  }
}
