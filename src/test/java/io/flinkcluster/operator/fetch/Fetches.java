package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.aws.S3Timing;
import io.flinkcluster.operator.fetch.StorageCheck.Limits;
import java.time.Duration;

/** What the init container does, for tests: without pauses between attempts. */
final class Fetches {

  /** As patient as in a pod, but for the pauses of the SDK. */
  static final Limits PATIENT =
      new Limits(timing(S3Timing.SHORT.silence()), Duration.ofMinutes(3), Duration.ofMinutes(3));

  private Fetches() {}

  /** S3 may be silent for so long. */
  static S3Timing timing(Duration silence) {
    return new S3Timing(
        S3Timing.SHORT.connect(), silence, S3Timing.SHORT.attempts(), Duration.ofMillis(1));
  }

  /** Nothing is tried twice. */
  static Fetch once(S3Access access) {
    return of(access, 1, PATIENT);
  }

  static Fetch of(S3Access access, int attempts, Limits limits) {
    return of(access, attempts, limits, Duration.ofSeconds(1), new JarFetch());
  }

  /**
   * A fetch.
   *
   * @param silence of a server that is not S3
   */
  static Fetch of(S3Access access, int attempts, Limits limits, Duration silence, JarFetch jars) {
    var all = new Attempts(attempts, Duration.ofMillis(1), Duration.ofSeconds(20));
    return new Fetch(
        access, all, new StorageCheck(access, all, limits, "pod"), new Https(silence), jars);
  }
}
