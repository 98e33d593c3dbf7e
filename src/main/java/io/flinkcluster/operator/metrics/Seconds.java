package io.flinkcluster.operator.metrics;

import java.util.Optional;

/** Durations as the status writes them: {@code 14.200s}. */
final class Seconds {

  private Seconds() {}

  /** Seconds; empty where there is no text, or none of this form. */
  static Optional<Double> of(String text) {
    return text != null && text.matches("[0-9]{1,12}(\\.[0-9]{1,9})?s")
        ? Optional.of(Double.valueOf(text.substring(0, text.length() - 1)))
        : Optional.empty();
  }
}
