package io.flinkcluster.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.AutoscalingMode;
import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.JobStatus;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Observation;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatusComposerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final ClusterNames NAMES = new ClusterNames("ns", "c");
  private static final String STATEFUL =
      """
      flinkVersion: "2.3"
      image: flink:2.3
      job: {jarURI: "local:///opt/flink/a.jar"}
      storage: {baseURI: "s3://bucket/flink"}
      """;

  private static Admission admission(String yaml) {
    try {
      var cluster = new FlinkCluster();
      cluster.setMetadata(
          new ObjectMetaBuilder().withName("c").withNamespace("ns").withUid("u").build());
      cluster.setSpec(new ObjectMapper(new YAMLFactory()).readValue(yaml, FlinkClusterSpec.class));
      return AdmissionRules.check(cluster);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FlinkClusterStatus compose(Admission admission, Decision decision) {
    return compose(null, admission, decision);
  }

  private static FlinkClusterStatus compose(
      FlinkClusterStatus before, Admission admission, Decision decision) {
    var seen =
        new Observation(
            NOW, List.of(), List.of(), Optional.empty(), false, List.of(), Optional.empty());
    return StatusComposer.compose(
        before, NAMES, 3, admission, Optional.empty(), Optional.empty(), decision, seen, false);
  }

  private static Condition condition(FlinkClusterStatus status, String type) {
    return Conditions.find(status, type).orElseThrow();
  }

  private static RecordedState started() {
    return RecordedState.of(null)
        .with(new LaunchStatus(1L, "job", "f", 1L, null, "pod", null, null));
  }

  private static RecordedState starting() {
    return started()
        .with(
            OperationBuilder.begin(OperationType.Start, "id", NOW, Duration.ofMinutes(10))
                .trigger(TriggerKind.FirstStart, "first start")
                .stage(OperationStage.Starting)
                .status());
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void isNeverStalledAndReconcilingAtOnce(Reason reason) {
    Admission stateful = admission(STATEFUL);
    for (RecordedState recorded : List.of(started(), starting())) {
      for (boolean stalled : new boolean[] {true, false}) {
        for (Phase phase : Phase.values()) {
          Decision decision =
              Decision.of(phase, recorded)
                  .causes(List.of(new ConditionCause(reason, "cause", stalled)));
          FlinkClusterStatus status = compose(stateful, decision);
          boolean isStalled = condition(status, "Stalled").status().equals("True");
          boolean reconciling = condition(status, "Reconciling").status().equals("True");
          assertThat(isStalled && reconciling).as("%s %s %s", reason, phase, stalled).isFalse();
          assertThat(!stalled || isStalled).isTrue();
        }
      }
    }
  }

  @Test
  void doesNotSayThatNoActionIsRequiredOfAnImageThatCannotBePulled() {
    Decision decision =
        Decision.of(Phase.Starting, starting())
            .causes(List.of(ConditionCause.waiting(Reason.ImagePullFailed, "no such image")));
    FlinkClusterStatus status = compose(admission(STATEFUL), decision);
    assertThat(condition(status, "Stalled").status()).isEqualTo("False");
    assertThat(condition(status, "Stalled").message()).contains("no such image");
    assertThat(condition(status, "Ready").reason()).isEqualTo("ImagePullFailed");
  }

  @Test
  void isReadyWithTheSizeThatWasChosenAndNotWithAnother() {
    String yaml = STATEFUL + "autoscaling: {mode: Apply, maxReplicas: 4}\n";
    CheckedCluster cluster = ((Admission.Accepted) admission(yaml)).cluster();
    for (int runs : new int[] {1, 3}) {
      String fingerprint = cluster.resized(1, runs, runs).fingerprint();
      RecordedState recorded =
          RecordedState.of(null)
              .with(new LaunchStatus(1L, "job", fingerprint, 1L, null, "pod", null, null))
              .withAutoscaling(Optional.of(chosen(3)));
      Condition ready =
          condition(compose(admission(yaml), Decision.of(Phase.Running, recorded)), "Ready");
      // Nobody has asked Flink in this test: what matters is that it would be asked.
      assertThat(ready.reason()).isEqualTo(runs == 3 ? "FlinkUnreachable" : "OperationInProgress");
    }
  }

  private static AutoscalingStatus chosen(int replicas) {
    var chosen = new AutoscalingStatus.Chosen(replicas, replicas, "ScaleUp", "", null, 1, 1, 1);
    return new AutoscalingStatus(AutoscalingMode.Apply, chosen, null, null, null, null, null);
  }

  @Test
  void tellsTaskManagersThatAreWantedFromThoseThatExist() {
    var admission = (Admission.Accepted) admission(STATEFUL);
    var seen =
        new Observation(
            NOW, List.of(), List.of(), Optional.empty(), false, List.of(), Optional.empty());
    var now =
        StatusComposer.compose(
                null,
                NAMES,
                3,
                admission,
                Optional.of(admission.cluster()),
                Optional.empty(),
                Decision.of(Phase.Starting, starting()),
                seen,
                false)
            .taskManagers();
    assertThat(now.replicas()).isZero();
    assertThat(now.wanted()).isEqualTo(1);
    assertThat(now.summary()).isEqualTo("0/1");
  }

  @Test
  void saysOfASuspendedJobWhatBecomesOfItsState() {
    Decision never = Decision.of(Phase.Suspended, RecordedState.of(null));
    assertThat(condition(compose(admission(STATEFUL), never), "Ready").message())
        .isEqualTo("suspended before its first start");
    String stateless = STATEFUL.replace("a.jar\"}", "a.jar\", upgradeMode: Stateless}");
    Decision stopped = Decision.of(Phase.Suspended, started());
    assertThat(condition(compose(admission(stateless), stopped), "Ready").message())
        .contains("empty state");
    assertThat(condition(compose(admission(STATEFUL), stopped), "Ready").message())
        .contains("no checkpoint");
    var point = new RestorePoint(RestorePoint.Type.Savepoint, "s3://b/s", "job", null, null);
    Decision kept = Decision.of(Phase.Suspended, started().with(point));
    assertThat(condition(compose(admission(STATEFUL), kept), "Ready").message())
        .contains("its state is kept");
  }

  @Test
  void saysThatANewerPointIsLookedForWhereTheEndOfAJobWasNotSeen() {
    var point = new RestorePoint(RestorePoint.Type.Checkpoint, "s3://b/chk-1", "job", null, null);
    RecordedState recorded = started().with(point);
    assertThat(
            condition(
                    compose(admission(STATEFUL), Decision.of(Phase.Starting, recorded)),
                    "StateSafe")
                .message())
        .isEqualTo("a restart continues from the restore point in the status");
    RecordedState lost =
        recorded.with(recorded.launch().orElseThrow().withLostAt("2026-01-01T00:00:00Z"));
    assertThat(
            condition(compose(admission(STATEFUL), Decision.of(Phase.Starting, lost)), "StateSafe")
                .message())
        .contains("newer one");
  }

  private static RecordedState finished() {
    var launch = started().launch().orElseThrow();
    return started().with(launch.withFinishedAt("2026-01-01T00:00:00Z"));
  }

  @Test
  void saysWhichGenerationOfAFinishedJobWasRun() {
    Decision decision = Decision.of(Phase.Finished, finished());
    Condition ready = condition(compose(admission(STATEFUL), decision), "Ready");
    assertThat(ready.reason()).isEqualTo("Finished");
    assertThat(ready.message())
        .contains("generation 1 has come to its end at 2026-01-01T00:00:00Z")
        .contains("another size counts", "its pods are removed");
    Condition suspended =
        condition(compose(admission(STATEFUL + "suspend: true\n"), decision), "Ready");
    assertThat(suspended.reason()).isEqualTo("Suspended");
    assertThat(suspended.message()).contains("generation 1", "nothing is run");
    Decision kept = decision.keep(java.util.Set.of(1L));
    assertThat(condition(compose(admission(STATEFUL), kept), "Ready").message())
        .contains("job.afterFinish.keep");
  }

  @Test
  void doesNotCallAFinishedJobReadyWhileItIsToRunAgainAndCannot() {
    Decision waiting =
        Decision.of(Phase.Finished, finished())
            .causes(List.of(ConditionCause.waiting(Reason.ReferenceNotFound, "no such thing")));
    Condition ready = condition(compose(admission(STATEFUL), waiting), "Ready");
    assertThat(ready.status()).isEqualTo("False");
    assertThat(ready.reason()).isEqualTo("ReferenceNotFound");
  }

  @Test
  void missesNothingOfAFinishedJobAndKeepsWhatItReported() {
    var job = new JobStatus("job", "FINISHED", 2, null, 0L, null, null, null, null);
    Decision decision = Decision.of(Phase.Finished, finished());
    FlinkClusterStatus first = compose(admission(STATEFUL), decision);
    assertThat(first.job()).isNull();
    var before =
        new FlinkClusterStatus(
            1L,
            first.conditions(),
            Phase.Finished,
            job,
            null,
            null,
            null,
            null,
            null,
            null,
            first.launch(),
            null,
            null,
            null);
    FlinkClusterStatus status = compose(before, admission(STATEFUL), decision);
    assertThat(status.job()).isEqualTo(job);
    assertThat(status.taskManagers().summary()).isEqualTo("0/0");
    assertThat(status.jobManager()).isNull();
    assertThat(condition(status, "StateSafe").status()).isEqualTo("True");
    assertThat(condition(status, "StateSafe").reason()).isEqualTo("Finished");
    FlinkClusterStatus other =
        compose(before, admission(STATEFUL), Decision.of(Phase.Running, started()));
    assertThat(other.job()).as("of a start that has not ended").isNull();
  }

  @Test
  void namesTheRuleWhileAnOperationIsUnderWay() {
    Decision decision =
        new Decision(
            Phase.Starting,
            starting(),
            List.of(),
            java.util.Set.of(),
            List.of(),
            List.of(),
            Duration.ofSeconds(2),
            false,
            "WaitForTasks");
    FlinkClusterStatus status = compose(admission(STATEFUL), decision);
    assertThat(status.operation().rule()).isEqualTo("WaitForTasks");
    assertThat(RecordedState.of(status)).as("no decision rests on it").isEqualTo(starting());
  }

  @Test
  void namesEveryProblemOfARefusedSpecAndCallsItStalled() {
    Admission refused = admission(STATEFUL + "changeTimeout: soon\nbufferTimeout: often\n");
    FlinkClusterStatus status =
        compose(refused, Decision.of(Phase.Pending, RecordedState.of(null)));
    assertThat(condition(status, "Ready").message()).contains("changeTimeout", "bufferTimeout");
    assertThat(condition(status, "Stalled").status()).isEqualTo("True");
    assertThat(condition(status, "Reconciling").status()).isEqualTo("False");
    assertThat(condition(status, "ConfigValid").status()).isEqualTo("False");
    assertThat(status.phase()).isEqualTo(Phase.Failed);
  }
}
