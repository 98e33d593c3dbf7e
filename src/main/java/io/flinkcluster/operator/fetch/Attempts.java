package io.flinkcluster.operator.fetch;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again what may pass, with pauses that double and are spread, so that the pods of a whole
 * fleet do not come back together.
 *
 * @param most how often at most, from 1
 * @param pause after the first failure
 * @param longest no further attempt is begun after this
 */
record Attempts(int most, Duration pause, Duration longest) {

  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  /**
   * Pauses of 15 s in all; after that Kubernetes goes on, and people can read why. Sooner, where
   * each attempt takes long because nothing answers.
   */
  static final Attempts USUAL = new Attempts(5, Duration.ofSeconds(1), Duration.ofSeconds(20));

  /** One try. */
  interface Attempt<T> {
    T run() throws Fault;
  }

  <T> T of(Attempt<T> attempt) throws Fault {
    long begun = System.nanoTime();
    for (int tried = 1; ; tried++) {
      try {
        return attempt.run();
      } catch (Fault fault) {
        if (!fault.passing() || tried >= most || since(begun).compareTo(longest) > 0) {
          throw fault;
        }
        LOG.warn("Attempt {} of {}: {}", tried, most, fault.getMessage());
        rest(pause.multipliedBy(1L << (tried - 1)));
      }
    }
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private static void rest(Duration length) throws Fault {
    try {
      long millis = length.toMillis();
      Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    } catch (InterruptedException e) {
      throw new Fault("interrupted", false, e);
    }
  }
}
