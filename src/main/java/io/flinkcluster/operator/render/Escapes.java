package io.flinkcluster.operator.render;

/** Text that Kubernetes would otherwise expand. */
final class Escapes {

  private Escapes() {}

  /**
   * Kubernetes replaces {@code $(NAME)} in arguments and environment values and reads {@code $$} as
   * one dollar sign; doubled dollar signs arrive as they were written.
   */
  static String literal(String text) {
    return text.replace("$", "$$");
  }
}
