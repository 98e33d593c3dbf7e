package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.StepStatus;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How long what is waited for, of the operation under way. */
public final class Timeouts {
  /** For a cluster without a spec that could be read. */
  public static final Duration DEFAULT = Duration.ofMinutes(10);

  /** How long a job that is not running is waited for before the change goes on without it. */
  private static final Duration JOB = Duration.ofSeconds(30);

  /** How long the job may take to end after its savepoint is complete. */
  private static final Duration END = Duration.ofSeconds(10);

  /** How long a JobManager may be silent, or without a job, before a stop goes on without it. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** How long the next try of a start is held back, after one, two and more failures. */
  private static final Duration[] BACKOFF = {
    Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofMinutes(2), Duration.ofMinutes(5)
  };

  private Timeouts() {}

  /** {@code changeTimeout} of this spec. */
  public static Duration of(CheckedCluster spec) {
    return Times.duration(spec.spec().changeTimeout());
  }

  /**
   * A fifth of {@code changeTimeout} of the spec that is to start: how long is waited for what may
   * pass and hardly does.
   */
  public static Duration fifth(Situation s) {
    return s.next().map(Timeouts::of).orElse(DEFAULT).dividedBy(5);
  }

  /** Whether the deadline of the operation is over. */
  public static boolean overdue(Situation s) {
    return overdue(s.operation(), s.now());
  }

  /** The same, at a moment. */
  public static boolean overdue(OperationStatus operation, Instant now) {
    return Times.moment(operation.deadline()).filter(d -> d.isBefore(now)).isPresent();
  }

  /** How long the operation has been in its stage. */
  public static Duration inStage(Situation s) {
    OperationStatus operation = s.operation();
    if (operation.steps() == null || operation.steps().isEmpty()) {
      return Duration.ZERO;
    }
    String began = operation.steps().get(operation.steps().size() - 1).startedAt();
    return Duration.between(Times.moment(began).orElse(s.now()), s.now());
  }

  /** Whether the operation has been in its stage for longer. */
  public static boolean longerInStage(Situation s, Duration time) {
    return inStage(s).compareTo(time) > 0;
  }

  /** The same, and in the stage of that other name if that came right before. */
  public static boolean longerInStageOrBefore(Situation s, OperationStage before, Duration time) {
    List<StepStatus> steps = s.operation().steps();
    int last = steps == null ? 0 : steps.size() - 1;
    if (last < 1 || steps.get(last - 1).name() != before) {
      return longerInStage(s, time);
    }
    Instant began = Times.moment(steps.get(last - 1).startedAt()).orElse(s.now());
    return Duration.between(began, s.now()).compareTo(time) > 0;
  }

  /** Whether the JobManager has not answered for so long that it is not waited for any more. */
  public static boolean unreachableTooLong(Situation s, LaunchStatus launch) {
    return !LaunchFacts.reachable(s, launch)
        && !LaunchFacts.notPolledYet(s, launch)
        && longerInStage(s, SILENCE);
  }

  /** Whether a JobManager that answers has had no job for so long that none is waited for. */
  public static boolean withoutJobTooLong(Situation s, LaunchStatus launch) {
    return LaunchFacts.reachable(s, launch)
        && LaunchFacts.job(s, launch).isEmpty()
        && longerInStage(s, SILENCE);
  }

  /** Whether there is no job to stop any more, or nobody to ask to. */
  public static boolean nothingToStop(Situation s, LaunchStatus launch) {
    return JobEnd.over(s, launch)
        || LaunchFacts.jobManagerLost(s, launch)
        || unreachableTooLong(s, launch)
        || withoutJobTooLong(s, launch);
  }

  /** Whether a job that does not run all its tasks has been waited for long enough. */
  public static boolean notRunningTooLong(Situation s) {
    return longerInStage(s, JOB);
  }

  /** Whether the job's end was waited for long enough since its savepoint is complete. */
  public static boolean notEndedTooLong(Situation s) {
    Instant complete = Times.moment(s.operation().stoppedAt()).orElse(s.now());
    return Duration.between(complete, s.now()).compareTo(END) > 0;
  }

  /**
   * Whether the next try is still held back: a fault needs time to pass. What was taken away once
   * is started again at once.
   */
  public static boolean backingOff(Situation s) {
    Integer retries = s.operation().retries();
    if (retries == null) {
      return false;
    }
    int failures = s.operation().reason() == Reason.PodDisrupted ? retries - 1 : retries;
    return failures > 0 && !longerInStage(s, backoff(failures));
  }

  private static Duration backoff(int retries) {
    return BACKOFF[Math.min(retries, BACKOFF.length) - 1];
  }
}
