package io.flinkcluster.operator.reconcile;

import java.util.function.Supplier;

/** What becomes of a fault in the operator itself. */
final class Failures {

  private Failures() {}

  /**
   * Runs a walk. An {@code Error} becomes an exception: the SDK (5.3.2) catches only exceptions,
   * and a resource whose reconcile ended with an error is never looked at again, not even to delete
   * it.
   */
  static <T> T guard(Supplier<T> walk) {
    try {
      return walk.get();
    } catch (OutOfMemoryError e) {
      Runtime.getRuntime().halt(2);
      throw e;
    } catch (Error e) {
      throw new IllegalStateException("reconcile ended with an error", e);
    }
  }
}
