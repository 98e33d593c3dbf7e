package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.admit.Resource;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.decide.RecordedState;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.observe.LiveQuestions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObservationRequestsTest {
  private static final Admission STATEFUL = AdmissionRules.check(Resource.with("{}"));
  private static final RecordedState NOTHING = recorded(Map.of());

  private static RecordedState recorded(Map<String, ?> status) {
    return RecordedState.of(new ObjectMapper().convertValue(status, FlinkClusterStatus.class));
  }

  private static RecordedState operation(Map<String, ?> operation) {
    return recorded(Map.of("operation", operation));
  }

  private static LiveQuestions live(RecordedState recorded) {
    return ObservationRequests.live(recorded, STATEFUL);
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
      assertThat(ObservationRequests.live(NOTHING, other).beforeFirstStart()).as(spec).isFalse();
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
}
