package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.admit.Resource;
import io.flinkcluster.operator.api.AutoscalingMode;
import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.observe.LiveQuestions;
import io.flinkcluster.operator.observe.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ObservationRequestsTest {
  private static final Admission STATEFUL = AdmissionRules.check(Resource.with("{}"));
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final RecordedState NOTHING = recorded(Map.of());

  private static RecordedState recorded(Map<String, ?> status) {
    return RecordedState.of(new ObjectMapper().convertValue(status, FlinkClusterStatus.class));
  }

  private static RecordedState operation(Map<String, ?> operation) {
    return recorded(Map.of("operation", operation));
  }

  private static LiveQuestions live(RecordedState recorded) {
    return ObservationRequests.live(recorded, STATEFUL, meta(1), NOW);
  }

  private static ObjectMeta meta(long generation) {
    return new ObjectMetaBuilder().withGeneration(generation).build();
  }

  @Test
  void whetherAPodHasRunMattersWhereItsStartMayBeGivenUp() {
    var starting = operation(Map.of("stage", "Starting", "toGeneration", 1));
    assertThat(ObservationRequests.live(starting, STATEFUL, meta(1), NOW).mayBeLeft()).isFalse();
    assertThat(ObservationRequests.live(starting, STATEFUL, meta(2), NOW).mayBeLeft()).isTrue();
    var verifying = operation(Map.of("stage", "Verifying", "toGeneration", 1));
    assertThat(ObservationRequests.live(verifying, STATEFUL, meta(2), NOW).mayBeLeft()).isFalse();
    ObjectMeta deleted =
        new ObjectMetaBuilder(meta(1)).withDeletionTimestamp("2026-01-01T00:00:00Z").build();
    assertThat(ObservationRequests.live(starting, STATEFUL, deleted, NOW).mayBeLeft()).isTrue();
    var late =
        operation(
            Map.of("stage", "Starting", "toGeneration", 1, "deadline", "2025-12-31T00:00:00Z"));
    assertThat(ObservationRequests.live(late, STATEFUL, meta(1), NOW).mayBeLeft()).isTrue();
  }

  @Test
  void asksForEarlierJobManagersOnlyWhileAStartWaitsForThem() {
    assertThat(live(NOTHING).stoppingBefore()).isEmpty();
    assertThat(live(operation(Map.of("stage", "Preparing", "epoch", 3))).stoppingBefore())
        .isEmpty();
    assertThat(live(operation(Map.of("stage", "Stopping", "epoch", 3))).stoppingBefore())
        .contains(3L);
    assertThat(live(operation(Map.of("stage", "Stopping"))).stoppingBefore())
        .contains(Long.MAX_VALUE);
  }

  @Test
  void looksForWhatADeletedClusterLeftOnlyBeforeTheFirstStart() {
    assertThat(live(NOTHING).beforeFirstStart()).isTrue();
    assertThat(live(launch(Map.of("epoch", 1))).beforeFirstStart()).isFalse();
    assertThat(live(operation(Map.of("stage", "Starting"))).beforeFirstStart()).isFalse();
    for (String spec :
        List.of("{suspend: true}", "{job: {upgradeMode: Stateless}}", "{image: ''}")) {
      Admission other = AdmissionRules.check(Resource.with(spec));
      assertThat(ObservationRequests.live(NOTHING, other, meta(1), NOW).beforeFirstStart())
          .as(spec)
          .isFalse();
    }
  }

  private static RecordedState launch(Map<String, ?> launch) {
    return recorded(Map.of("launch", launch));
  }

  @Test
  void theLossOfAPodMattersWhileItsStartIsMeantToRun() {
    assertThat(live(launch(Map.of("epoch", 1))).jobManagerPod()).isEmpty();
    assertThat(live(launch(Map.of("epoch", 1, "jobManagerPod", "p"))).jobManagerPod())
        .contains("p");
    var stopped = Map.of("epoch", 1, "jobManagerPod", "p", "stoppedAt", "2026-01-01T00:00:00Z");
    assertThat(live(launch(stopped)).jobManagerPod()).isEmpty();
    var finished = Map.of("epoch", 1, "jobManagerPod", "p", "finishedAt", "2026-01-01T00:00:00Z");
    assertThat(live(launch(finished)).jobManagerPod()).isEmpty();
    assertThat(
            live(recorded(Map.of("launch", finished, "operation", Map.of("stage", "Preparing"))))
                .jobManagerPod())
        .contains("p");
  }

  @Test
  void onlyADeletionEndsWhenNothingIsLeft() {
    assertThat(live(operation(Map.of("type", "Delete"))).removing()).isTrue();
    assertThat(live(operation(Map.of("type", "Suspend"))).removing()).isFalse();
  }

  @Test
  void whatTheSpecRefersToMattersWhenItIsTheNextToStart() {
    var resource = Resource.with("{hadoopConf: {configMapName: hadoop}}");
    Admission wanted = AdmissionRules.check(resource);
    String fingerprint = ((Admission.Accepted) wanted).cluster().fingerprint();

    assertThat(ObservationRequests.reference(NOTHING, wanted)).isPresent();
    assertThat(ObservationRequests.reference(NOTHING, STATEFUL)).isEmpty();
    assertThat(
            ObservationRequests.reference(
                launch(Map.of("epoch", 1, "fingerprint", fingerprint)), wanted))
        .isEmpty();
    assertThat(
            ObservationRequests.reference(
                launch(Map.of("epoch", 1, "fingerprint", "another")), wanted))
        .isPresent();
    assertThat(ObservationRequests.reference(operation(Map.of("stage", "Preparing")), wanted))
        .isEmpty();
    assertThat(ObservationRequests.reference(operation(Map.of("stage", "Planned")), wanted))
        .isPresent();
  }

  @Test
  void whatTheSpecRefersToIsNotAskedForWhileTheChosenSizeRuns() {
    Admission wanted =
        AdmissionRules.check(
            Resource.with(
                "{hadoopConf: {configMapName: hadoop}, rescale: {mode: Auto}, autoscaling: {mode:"
                    + " Apply, maxReplicas: 8}}"));
    CheckedCluster cluster = ((Admission.Accepted) wanted).cluster();
    var size = cluster.spec().taskManager();
    var chosen =
        new AutoscalingStatus.Chosen(
            3, 3, "ScaleUp", "", null, size.replicas(), size.taskSlots(), cluster.parallelism());
    RecordedState running =
        launch(Map.of("epoch", 1, "fingerprint", cluster.resized(1, 3, 3).fingerprint()));

    assertThat(ObservationRequests.reference(running, wanted)).isPresent();
    assertThat(
            ObservationRequests.reference(
                running.withAutoscaling(
                    Optional.of(
                        new AutoscalingStatus(
                            AutoscalingMode.Apply, chosen, null, null, null, null, null))),
                wanted))
        .isEmpty();
  }

  @Test
  void tokensAreCutAndBlankOnesAreNone() {
    var meta =
        new ObjectMetaBuilder()
            .addToAnnotations("flinkcluster.io/savepoint", "x".repeat(300))
            .addToAnnotations("flinkcluster.io/restart", "  ")
            .addToAnnotations("flinkcluster.io/plan", "yes")
            .build();
    var wishes = ObservationRequests.wishes(meta);

    assertThat(wishes.savepoint().orElseThrow()).hasSize(256);
    assertThat(wishes.restart()).isEmpty();
    assertThat(wishes.planOnly()).isFalse();
    assertThat(wishes.deleting()).isFalse();
    assertThat(ObservationRequests.wishes(new ObjectMetaBuilder().build()).restart())
        .isEqualTo(Optional.empty());
  }

  @Test
  void aJobManagerIsAskedAboutWhatMattersAsOftenAsItMatters() {
    var launch = Map.of("epoch", 1, "fingerprint", "f", "jobId", "j");

    var calm = target(Map.of("launch", launch)).orElseThrow();
    assertThat(calm.pace()).isEqualTo(Target.Pace.SLOW);
    assertThat(calm.jobId()).contains("j");
    assertThat(calm.triggerId()).isEmpty();
    assertThat(calm.applications()).as("Flink 2.3 tells of them").isTrue();
    assertThat(calm.address()).isEqualTo(new Address("10.0.0.1", 8081));

    var writing = new HashMap<>(Map.of("stage", "Savepointing", "triggerId", "t"));
    var asked = target(Map.of("launch", launch, "operation", writing)).orElseThrow();
    assertThat(asked.pace()).isEqualTo(Target.Pace.FAST);
    assertThat(asked.triggerId()).contains("t");

    writing.put("stage", "AwaitingJobEnd");
    assertThat(target(Map.of("launch", launch, "operation", writing)).orElseThrow().pace())
        .isEqualTo(Target.Pace.FASTEST);
  }

  @Test
  void nobodyIsAskedWhereNothingRuns() {
    var stopped = Map.of("epoch", 1, "fingerprint", "f", "stoppedAt", "2026-01-01T00:00:00Z");
    assertThat(target(Map.of())).isEmpty();
    assertThat(target(Map.of("launch", stopped))).isEmpty();
    assertThat(target(Map.of("launch", Map.of("epoch", 2, "fingerprint", "f")))).isEmpty();
  }

  /** Of a cluster whose first start has a JobManager that runs. */
  private static Optional<Target> target(Map<String, ?> status) {
    RecordedState recorded = recorded(status);
    var cluster = ((Admission.Accepted) STATEFUL).cluster();
    var pod =
        new ObservedPod(
            "jm",
            "uid",
            Component.JOB_MANAGER,
            1,
            false,
            true,
            true,
            false,
            0,
            Optional.of("10.0.0.1"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var seen =
        new Observation(
            Instant.EPOCH,
            List.of(pod),
            List.of(),
            Optional.empty(),
            false,
            List.of(),
            Optional.empty());
    var situation =
        new Situation(
            cluster.names(),
            cluster.uid(),
            1,
            STATEFUL,
            Map.of(1L, cluster),
            recorded,
            seen,
            ObservationRequests.wishes(new ObjectMetaBuilder().build()),
            List.of());
    var decision =
        new Decision(
            Phase.Running,
            recorded,
            List.of(),
            Set.of(),
            List.of(),
            List.of(),
            Duration.ofMinutes(1),
            false,
            "");
    return ObservationRequests.target(situation, decision);
  }
}
