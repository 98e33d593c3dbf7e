package io.flinkcluster.operator.flinkconf;

/** One line of {@code config.yaml}. */
final class YamlLine {

  /**
   * Flink's shell scripts read this option with {@code sed}, before any Java runs, and would take
   * quotes for a part of the path (bash-java-utils.sh, 1.19 to 2.3).
   */
  private static final String READ_BY_SHELL = "env.java.home";

  private YamlLine() {}

  static String of(String key, String value) {
    return key + ": " + (key.equals(READ_BY_SHELL) ? value : quoted(value));
  }

  /** A double-quoted scalar, valid in YAML 1.2 and JSON; everything but printable ASCII escaped. */
  static String quoted(String value) {
    var out = new StringBuilder("\"");
    value.chars().forEach(c -> append(out, (char) c));
    return out.append('"').toString();
  }

  private static void append(StringBuilder out, char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (c >= ' ' && c <= '~') {
          out.append(c);
        } else {
          out.append(String.format("\\u%04x", (int) c));
        }
      }
    }
  }
}
