package io.flinkcluster.operator.flinkconf;

import java.util.List;
import java.util.Locale;

/**
 * What the value of an option must be.
 *
 * @param kind of one value
 * @param list whether several may be given
 * @param words the values of an enum, as Flink spells them; else empty
 */
public record OptionType(Kind kind, boolean list, List<String> words) {

  /** Kinds of values. */
  public enum Kind {
    /** Any text. */
    STRING,
    /** A whole number of 32 bits. */
    INT,
    /** A whole number of 64 bits. */
    LONG,
    /** A number of 32 bits, perhaps with a fraction. */
    FLOAT,
    /** A number of 64 bits, perhaps with a fraction. */
    DOUBLE,
    /** {@code true} or {@code false}. */
    BOOLEAN,
    /** A number and a unit of time; without a unit milliseconds. */
    DURATION,
    /** A whole number and a unit of 1024; without a unit bytes. */
    MEMORY,
    /** One of several words. */
    ENUM,
    /** Names and texts. */
    MAP
  }

  /** Copies the list. */
  public OptionType {
    words = List.copyOf(words);
  }

  /** Reads what {@link #toString} wrote. */
  static OptionType parse(String text) {
    boolean list = text.startsWith("list ");
    String one = list ? text.substring("list ".length()) : text;
    if (one.startsWith("enum ")) {
      return new OptionType(Kind.ENUM, list, List.of(one.substring("enum ".length()).split("\\|")));
    }
    return new OptionType(Kind.valueOf(one.toUpperCase(Locale.ROOT)), list, List.of());
  }

  /** For instance {@code duration}, {@code list string} or {@code enum A|B}. */
  @Override
  public String toString() {
    return (list ? "list " : "")
        + kind.name().toLowerCase(Locale.ROOT)
        + (words.isEmpty() ? "" : " " + String.join("|", words));
  }
}
