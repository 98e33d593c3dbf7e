package io.flinkcluster.operator;

import io.javaoperatorsdk.operator.processing.retry.Retry;
import io.javaoperatorsdk.operator.processing.retry.RetryExecution;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Tries again for ever: after 1 s, 2 s, 4 s … up to 2 minutes, each delay shortened by up to half
 * at random, so that after an outage thousands of clusters do not come back in step.
 *
 * @param random numbers from 0 (inclusive) to 1 (exclusive)
 */
record JitteredRetry(DoubleSupplier random) implements Retry {

  private static final long FIRST_MILLIS = 1_000;
  private static final long LONGEST_MILLIS = 120_000;

  @Override
  public RetryExecution initExecution() {
    return new Execution(random);
  }

  private static final class Execution implements RetryExecution {
    private final DoubleSupplier random;
    private int attempts;

    Execution(DoubleSupplier random) {
      this.random = random;
    }

    @Override
    public Optional<Long> nextDelay() {
      long full = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempts, 10));
      attempts++;
      return Optional.of(full - (long) (random.getAsDouble() * full / 2));
    }

    @Override
    public int getAttemptCount() {
      return attempts;
    }

    @Override
    public boolean isLastAttempt() {
      return false;
    }
  }
}
