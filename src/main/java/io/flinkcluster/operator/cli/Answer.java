package io.flinkcluster.operator.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.function.Supplier;

/**
 * What the API server says to a question that the caller may not be allowed to ask.
 *
 * @param allowed whether it was answered
 * @param value the answer; null: there is no such object, or it was not allowed
 */
record Answer<T>(boolean allowed, T value) {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  static <T> Answer<T> of(T value) {
    return new Answer<>(true, value);
  }

  static <T> Answer<T> unknown() {
    return new Answer<>(false, null);
  }

  /** Asks. */
  static <T> Answer<T> ask(Supplier<T> question) {
    try {
      return of(question.get());
    } catch (KubernetesClientException e) {
      if (e.getCode() == FORBIDDEN || e.getCode() == UNAUTHORIZED) {
        return unknown();
      }
      throw e;
    }
  }

  /** Whether there certainly is none. */
  boolean missing() {
    return allowed && value == null;
  }
}
