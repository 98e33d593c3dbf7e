package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.flinkcluster.operator.api.HadoopConfSpec;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.fact.Autoscaling;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.state.Sizes;
import io.flinkcluster.operator.flinkconf.VersionProfile;
import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.observe.LiveQuestions;
import io.flinkcluster.operator.observe.Target;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is to be looked at, from what is recorded and wanted. Pure: {@link Sources} does the
 * looking.
 */
final class ObservationRequests {
  private static final int LONGEST_TOKEN = 256;

  private ObservationRequests() {}

  /** What the API server itself is to be asked, beside what the caches tell. */
  static LiveQuestions live(
      RecordedState recorded, Admission admission, ObjectMeta meta, Instant now) {
    return new LiveQuestions(
        stoppingBefore(recorded),
        beforeFirstStart(recorded, admission),
        jobManagerPod(recorded),
        recorded.operation().filter(o -> mayBeLeft(o, meta, now)).isPresent(),
        recorded.operation().filter(o -> o.type() == OperationType.Delete).isPresent());
  }

  /** The epoch that waits for all earlier JobManagers to be gone; all, where it starts none. */
  private static Optional<Long> stoppingBefore(RecordedState recorded) {
    return recorded
        .operation()
        .filter(o -> o.stage() == OperationStage.Stopping)
        .map(o -> Optional.ofNullable(o.epoch()).orElse(Long.MAX_VALUE));
  }

  /** Whether nothing was ever started and the first start with state may follow. */
  private static boolean beforeFirstStart(RecordedState recorded, Admission admission) {
    return recorded.launch().isEmpty()
        && recorded.operation().isEmpty()
        && admission instanceof Admission.Accepted accepted
        && accepted.cluster().stateful()
        && !accepted.cluster().spec().suspend();
  }

  /** The pod that alone may run the start, while it matters whether it can. */
  private static Optional<String> jobManagerPod(RecordedState recorded) {
    return recorded
        .launch()
        .filter(l -> l.stoppedAt() == null)
        // Once its job has come to its end, nothing follows from its loss.
        .filter(l -> l.finishedAt() == null || recorded.operation().isPresent())
        .map(LaunchStatus::jobManagerPod);
  }

  /** Whether the start that it waits for is not wanted any more, or does not come in time. */
  private static boolean mayBeLeft(OperationStatus operation, ObjectMeta meta, Instant now) {
    boolean changed = !Objects.equals(operation.toGeneration(), meta.getGeneration());
    return operation.stage() == OperationStage.Starting
        && (changed || Timeouts.overdue(operation, now) || meta.getDeletionTimestamp() != null);
  }

  /**
   * What the wanted spec refers to and must be there; empty: nothing, or no start of the wanted
   * spec would be the next that happens.
   */
  static Optional<HadoopConfSpec> reference(RecordedState recorded, Admission admission) {
    boolean underWay =
        recorded.operation().filter(o -> o.stage() != OperationStage.Planned).isPresent();
    if (underWay || !(Sizes.wanted(recorded, admission) instanceof Admission.Accepted accepted)) {
      return Optional.empty();
    }
    CheckedCluster wanted = accepted.cluster();
    boolean runs =
        recorded
            .launch()
            .filter(l -> l.stoppedAt() == null && l.fingerprint().equals(wanted.fingerprint()))
            .isPresent();
    return wanted.spec().suspend() || runs
        ? Optional.empty()
        : Optional.ofNullable(wanted.spec().hadoopConf());
  }

  /** What annotations and deletion ask for. */
  static Situation.Wishes wishes(ObjectMeta meta) {
    Map<String, String> annotations =
        meta.getAnnotations() == null ? Map.of() : meta.getAnnotations();
    return new Situation.Wishes(
        "true".equals(annotations.get(Labels.PLAN)),
        token(annotations.get(Labels.SAVEPOINT)),
        token(annotations.get(Labels.RESTART)),
        meta.getDeletionTimestamp() != null);
  }

  /** Cut to what the trigger of an operation can hold; empty where there is none. */
  private static Optional<String> token(String value) {
    return Optional.ofNullable(value)
        .filter(t -> !t.isBlank())
        .map(t -> t.substring(0, Math.min(t.length(), LONGEST_TOKEN)));
  }

  /** Where the JobManager of this start listens; empty while none runs. */
  static Optional<Address> address(Situation s, LaunchStatus launch) {
    return s.spec(launch.epoch(), launch.fingerprint())
        .flatMap(
            spec ->
                s.seen()
                    .runningJobManager(launch.epoch())
                    .map(ip -> new Address(ip, spec.ports().rest())));
  }

  /** The JobManager to be asked from now on, about what matters now; empty: none runs. */
  static Optional<Target> target(Situation s, Decision decision) {
    RecordedState recorded = decision.recorded();
    return recorded
        .launch()
        .filter(l -> l.stoppedAt() == null)
        .flatMap(l -> address(s, l).map(address -> target(s, decision, l, address)));
  }

  private static Target target(
      Situation s, Decision decision, LaunchStatus launch, Address address) {
    Optional<String> trigger =
        decision
            .recorded()
            .operation()
            .filter(
                o ->
                    o.stage() == OperationStage.Savepointing
                        || o.stage() == OperationStage.AwaitingJobEnd)
            .map(OperationStatus::triggerId);
    Optional<CheckedCluster> spec = s.spec(launch.epoch(), launch.fingerprint());
    boolean applications =
        spec.filter(x -> VersionProfile.of(x.version()).applications()).isPresent();
    return new Target(
        launch.epoch(),
        address,
        Optional.ofNullable(launch.jobId()),
        trigger,
        pace(decision),
        spec.filter(CheckedCluster::adaptive).isPresent(),
        applications,
        s.asWritten().filter(Autoscaling::evaluated).isPresent());
  }

  private static Target.Pace pace(Decision decision) {
    Optional<OperationStatus> operation = decision.recorded().operation();
    boolean ending = operation.filter(o -> o.stage() == OperationStage.AwaitingJobEnd).isPresent();
    if (ending) {
      return Target.Pace.FASTEST; // for 10 s at most
    }
    return operation.isPresent() || !decision.causes().isEmpty()
        ? Target.Pace.FAST
        : Target.Pace.SLOW;
  }
}
