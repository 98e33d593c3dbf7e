package io.flinkcluster.operator.flinkrest;

import java.time.Duration;

/** Is told of every call that has ended; must return at once. */
@FunctionalInterface
public interface CallListener {

  /** Nobody listens. */
  CallListener NONE = (method, path, result, took) -> {};

  /**
   * A call has ended.
   *
   * @param path without its query, ids replaced by {@code :id}
   * @param result {@code OK}, or the name of a {@link RemoteFailure.Kind}
   * @param took until the answer was read
   */
  void ended(String method, String path, String result, Duration took);
}
