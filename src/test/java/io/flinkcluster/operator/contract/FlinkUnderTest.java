package io.flinkcluster.operator.contract;

import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A JobManager with a job that runs all its tasks, takes checkpoints, and began from nothing. */
public interface FlinkUnderTest {
  /** How it is spoken with. */
  FlinkRest rest();

  /** Where it listens. */
  Address address();

  /** Its job. */
  String job();

  /** Whether the adaptive scheduler runs the job. */
  boolean adaptive();

  /** A directory for savepoints. */
  String directory();

  /**
   * Does this where no savepoint can be written.
   *
   * @param act is given the directory, and returns when the request has come to its end
   */
  void whereSavepointsFail(UnaryOperator<String> act);

  /** Lets time pass until it is so; false: it did not come to that in a minute. */
  default boolean comesTo(BooleanSupplier end) {
    try {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(50))
          .until(end::getAsBoolean);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }
}
