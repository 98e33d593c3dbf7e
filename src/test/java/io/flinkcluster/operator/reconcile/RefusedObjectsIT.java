package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.report.Conditions;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects that only the API server itself can refuse: it is asked before anything is stopped. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class RefusedObjectsIT {
  private static final String LABEL = "{'metadata': {'labels': {'team': 'not a label'}}}";
  private static final String PORT =
      "{'spec': {'containers': [{'name': 'sidecar', 'image': 'busybox', 'ports':"
          + " [{'containerPort': -1}]}]}}";

  private final ClusterFixture scene;
  private final FakeCluster fake;

  RefusedObjectsIT(ApiServer server) {
    scene = ClusterFixture.in(server, "refused");
    fake = scene.fake();
  }

  @AfterEach
  void leave() {
    scene.close();
  }

  private static Predicate<FlinkClusterStatus> refused() {
    return s ->
        ClusterFixture.is(s, "Stalled")
            && Conditions.find(s, "ConfigValid").orElseThrow().status().equals("False")
            && Conditions.find(s, "ConfigValid").orElseThrow().reason().equals("ChildRefused");
  }

  private void template(String template) {
    scene.patch("{'spec': {'podTemplate': " + template + "}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {LABEL, PORT})
  void aFirstStartSaysSoAndBeginsWhenItIsMended(String template) {
    scene.apply("podTemplate: " + template.replace('\'', '"'));
    FlinkClusterStatus status = scene.await("refused", refused());
    assertThat(ClusterFixture.message(status, "ConfigValid"))
        .contains("Deployment", "the API server");
    template("null");
    scene.awaitReady();
    assertThat(fake.starts()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {LABEL, PORT})
  void aChangeLeavesTheJobAndIsMadeWhenItIsMended(String template) {
    scene.apply("");
    FlinkClusterStatus before = scene.awaitReady();
    template(template);
    FlinkClusterStatus status = scene.await("refused", refused());
    assertThat(ClusterFixture.last(status).result()).isEqualTo(OperationResult.Abandoned);
    assertUntouched(before);
    template("{'metadata': null, 'spec': {'containers': null, 'priority': 0}}");
    assertThat(scene.awaitReady().launch().restoredFrom()).contains("/savepoints/");
    scene.assertStateNeverLost();
  }

  @Test
  void anObjectThatAQuotaRefusesIsFoundBeforeAnythingIsStopped() {
    scene.apply("");
    FlinkClusterStatus before = scene.awaitReady();
    quota(2);
    scene.scale(2);
    assertThat(scene.awaitResult(OperationResult.Abandoned).message()).contains("exceeded quota");
    scene.await("refused", refused());
    assertUntouched(before);
  }

  @Test
  void aRecoveryRemovesWhatIsLeftAlthoughTheQuotaRefusesTheNewJobManagerBesideIt() {
    scene.apply("");
    scene.awaitReady();
    scene.noMoreCheckpoints();
    quota(2);
    scene.lose(Component.JOB_MANAGER);
    scene.await("a new start", s -> s.launch().epoch() == 2);
    fake.checkpointing(true);
    scene.awaitReady();
    scene.assertStateNeverLost();
  }

  private void quota(int deployments) {
    scene
        .namespace
        .kubectl()
        .ok("create", "quota", "few", "--hard=count/deployments.apps=" + deployments);
    await("the quota counts")
        .atMost(ClusterFixture.LONG)
        .until(
            () ->
                scene
                    .namespace
                    .kubectl()
                    .ok("get", "quota", "few", "-o", "jsonpath={.status.used}")
                    .contains("\"2\""));
  }

  private void assertUntouched(FlinkClusterStatus before) {
    assertThat(scene.status().launch()).isEqualTo(before.launch());
    assertThat(fake.jobState()).contains("RUNNING");
    assertThat(fake.starts()).hasSize(1);
    assertThat(fake.stopsByTrigger()).isEmpty();
  }
}
