package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.AutoscalingMode;
import io.flinkcluster.operator.api.AutoscalingSpec;
import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.autoscale.Evaluation;
import io.flinkcluster.operator.autoscale.EvaluationInput;
import io.flinkcluster.operator.autoscale.Evaluator;
import io.flinkcluster.operator.autoscale.SizingPolicy;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.state.Sizes;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The size that the job should have. It is written down before anything is done; the rules of the
 * running state then find that what runs differs from what is wanted, as after an edit of the spec.
 */
public final class Autoscaling {

  /** How often it is evaluated. */
  public static final Duration EVERY = Duration.ofSeconds(15);

  /** How long the job stands still while its size changes, until that has been measured. */
  private static final Duration IN_PLACE = Duration.ofSeconds(15);

  private static final Duration BY_SAVEPOINT = Duration.ofSeconds(45);

  /** How many measured downtimes count, the newest of them. */
  private static final int MEASURED = 3;

  private Autoscaling() {}

  /** What has made the wanted size; empty: the spec. */
  public static Optional<String> cause(Situation s) {
    return s.asWritten()
        .flatMap(spec -> Sizes.counting(s.recorded(), spec))
        .map(c -> "autoscaling, " + c.rule());
  }

  /** Whether the size of this job is evaluated at all. */
  public static boolean evaluated(CheckedCluster spec) {
    AutoscalingSpec autoscaling = spec.spec().autoscaling();
    return spec.job().isPresent()
        && autoscaling != null
        && autoscaling.mode() != AutoscalingMode.Off;
  }

  /** The recorded state with the newest evaluation, and with the size that it chose. */
  public static RecordedState recorded(Situation s) {
    Optional<CheckedCluster> spec = s.asWritten();
    if (spec.isEmpty() || s.wishes().deleting()) {
      return s.recorded();
    }
    if (!evaluated(spec.get())) {
      return s.recorded().withAutoscaling(Optional.empty());
    }
    AutoscalingStatus before = AutoscalingRecord.begun(s.recorded().autoscaling(), spec.get());
    AutoscalingStatus edited = AutoscalingRecord.afterEdit(before, spec.get(), s.now());
    Situation now = s.withRecorded(s.recorded().withAutoscaling(Optional.of(edited)));
    AutoscalingStatus possible = withoutFailed(now, edited);
    boolean due = AutoscalingRecord.due(possible, s.now(), EVERY);
    if (!possible.equals(edited) || s.recorded().launch().isEmpty() || !due) {
      return s.recorded().withAutoscaling(Optional.of(possible));
    }
    Evaluation evaluation = Evaluator.evaluate(input(now, spec.get(), possible));
    return s.recorded()
        .withAutoscaling(Optional.of(AutoscalingRecord.after(possible, evaluation, spec.get())));
  }

  /** A chosen size that could not be reached is not chosen any more, and not soon again. */
  private static AutoscalingStatus withoutFailed(Situation s, AutoscalingStatus status) {
    Optional<CheckedCluster> running = s.running();
    boolean failed =
        status.chosen() != null
            && s.recorded().operation().isEmpty()
            && running.isPresent()
            && s.wanted()
                .filter(w -> !w.fingerprint().equals(s.launch().fingerprint()))
                .flatMap(w -> FailedOperations.before(s, w.fingerprint()))
                .isPresent();
    return failed ? AutoscalingRecord.failed(status, running.get(), s.now()) : status;
  }

  private static EvaluationInput input(Situation s, CheckedCluster spec, AutoscalingStatus status) {
    CheckedCluster running = s.running().orElse(spec);
    int slots = running.spec().taskManager().taskSlots();
    int maxParallelism = spec.job().orElseThrow().maxParallelism();
    return new EvaluationInput(
        s.now(),
        obstacle(s),
        runningSince(s),
        running.spec().taskManager().replicas(),
        slots,
        maxParallelism,
        s.seen()
            .flink()
            .filter(f -> f.epoch() == s.launch().epoch())
            .map(FlinkObservation::loads)
            .orElse(List.of()),
        AutoscalingRecord.changes(status),
        downtime(s.recorded().operations(), running.adaptive()),
        SizingPolicy.of(spec.spec().autoscaling(), Math.max(1, maxParallelism / slots)));
  }

  /**
   * Since when all tasks run as they are now. Flink says so by another clock than that of the
   * samples, so that the end of the last operation counts as well.
   */
  private static Optional<Instant> runningSince(Situation s) {
    Optional<Instant> changed =
        s.recorded().operations().stream()
            .filter(o -> o.type() != OperationType.Savepoint)
            .findFirst()
            .flatMap(o -> Times.moment(o.endedAt()));
    return LaunchFacts.job(s, s.launch())
        .flatMap(ObservedJob::tasksRunningSince)
        .map(since -> changed.filter(since::isBefore).orElse(since));
  }

  /** Why the job is not to be judged now. */
  private static Optional<String> obstacle(Situation s) {
    if (s.recorded().operation().isPresent()) {
      return Optional.of("an operation is under way: " + s.operation().type());
    }
    if (s.launch().stoppedAt() != null || JobCompletion.is(s.launch())) {
      return Optional.of("the job is stopped");
    }
    if (s.wanted().filter(w -> w.fingerprint().equals(s.launch().fingerprint())).isEmpty()) {
      return Optional.of("a change waits, or has failed");
    }
    if (!LaunchFacts.reachable(s, s.launch())) {
      return Optional.of("the JobManager does not answer");
    }
    return LaunchFacts.allTasksRun(s, s.launch())
        ? Optional.empty()
        : Optional.of("the job does not run all its tasks");
  }

  /**
   * How long the job stands still while its size changes: the longest of the last measured times.
   *
   * @param operations that have ended, newest first
   * @param adaptive whether its size can change in place
   */
  public static Duration downtime(List<OperationRecord> operations, boolean adaptive) {
    return operations.stream()
        .filter(o -> o.type() == (adaptive ? OperationType.RescaleInPlace : OperationType.Rescale))
        .filter(o -> o.downtime() != null)
        .limit(MEASURED)
        .map(o -> seconds(o.downtime()))
        .max(Duration::compareTo)
        .orElse(adaptive ? IN_PLACE : BY_SAVEPOINT);
  }

  /** Reads what {@link Times#text(Duration)} wrote. */
  private static Duration seconds(String text) {
    return Duration.ofMillis(
        Math.round(1000 * Double.parseDouble(text.substring(0, text.length() - 1))));
  }
}
