package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Access;
import java.time.Duration;

/** What the init container does, for tests: nothing is tried twice. */
final class Fetches {

  private Fetches() {}

  static Fetch once(S3Access access) {
    return new Fetch(
        access,
        new Attempts(1, Duration.ofMillis(1), Duration.ofSeconds(20)),
        "pod",
        new Https(Duration.ofSeconds(1)),
        new JarFetch());
  }
}
