package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.report.Conditions;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeKubelet.PodProblem;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Directories on S3 that are checked in the pod of the JobManager; a few seconds each. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class StorageIT {
  private static final String DENIED =
      "access denied: s3:PutObject on arn:aws:s3:::bucket/checkpoints/*";

  private final ClusterFixture scene;

  StorageIT(ApiServer server) {
    scene = ClusterFixture.in(server, "storage");
  }

  @AfterEach
  void leave() {
    scene.close();
  }

  private static Optional<Condition> storage(FlinkClusterStatus status) {
    return Conditions.find(status, Conditions.STORAGE_READY);
  }

  private static boolean is(FlinkClusterStatus status, String reason) {
    return ClusterFixture.is(status, Conditions.STORAGE_READY, reason);
  }

  private static boolean checks(Pod pod) {
    return pod.getSpec().getInitContainers().stream()
        .anyMatch(container -> container.getArgs().contains("--check"));
  }

  @Test
  void whatAFirstStartIsDeniedIsNamedAndItGoesOnWhenTheRightIsThere() {
    scene.kubelet.problem(StorageIT::checks, PodProblem.STORAGE_DENIED);
    scene.apply("");
    FlinkClusterStatus status = scene.await("denied", s -> is(s, "StorageDenied"));
    assertThat(storage(status).orElseThrow().status()).isEqualTo("False");
    assertThat(storage(status).orElseThrow().message())
        .contains(DENIED, "lifecycle rule old of bucket bucket");
    status =
        scene.await(
            "why it is not ready",
            s -> Conditions.find(s, "Ready").orElseThrow().reason().equals("StorageDenied"));
    assertThat(ClusterFixture.message(status, "Ready")).contains(DENIED);
    await("a warning")
        .untilAsserted(
            () ->
                assertThat(
                        scene
                            .namespace
                            .kubectl()
                            .ok(
                                "get",
                                "events",
                                "--field-selector",
                                "reason=StorageDenied,type=Warning"))
                    .contains(DENIED));

    scene.kubelet.heal();
    status = scene.awaitReady();
    assertThat(storage(status).orElseThrow().status()).isEqualTo("True");
    assertThat(storage(status).orElseThrow().reason()).isEqualTo("StorageChecked");
  }

  private static boolean ofAnother(Pod pod) {
    return pod.getSpec().getServiceAccountName().equals("another")
        && !"taskmanager".equals(pod.getMetadata().getLabels().get(Labels.COMPONENT));
  }

  @Test
  void aChangeThatIsDeniedIsGivenUpBeforeTheJobIsStopped() {
    scene.apply("");
    FlinkClusterStatus before = scene.awaitReady();
    assertThat(storage(before).orElseThrow().reason()).isEqualTo("StorageChecked");
    scene.kubelet.problem(StorageIT::ofAnother, PodProblem.STORAGE_DENIED);
    scene.patch("{'spec': {'serviceAccountName': 'another'}}");
    scene.await(
        "a ServiceAccount that does not exist is told, and waited for",
        s ->
            s.operation() != null
                && ClusterFixture.message(s, "Stalled").contains("service account"));
    scene.namespace.kubectl().ok("create", "serviceaccount", "another");
    OperationRecord given = scene.awaitResult(OperationResult.Abandoned);
    assertThat(given.reason()).isEqualTo(Reason.StorageDenied);
    assertThat(given.message()).contains(DENIED);
    FlinkClusterStatus after = scene.status();
    assertThat(after.job().id()).isEqualTo(before.job().id());
    assertThat(after.job().state()).isEqualTo("RUNNING");
    await("the pod that tried is removed").untilAsserted(() -> assertThat(checkPods()).isEmpty());

    scene.kubelet.heal();
    scene.annotate("restart", "again");
    FlinkClusterStatus moved =
        scene.await(
            "the change, now that it may",
            s ->
                s.operation() == null
                    && ClusterFixture.is(s, "Ready")
                    && !before.job().id().equals(s.job().id()));
    assertThat(ClusterFixture.last(moved).result()).isEqualTo(OperationResult.Succeeded);
    assertThat(scene.kubelet.done())
        .as("what the pod was told to do")
        .anySatisfy(
            args ->
                assertThat(args)
                    .contains(
                        "--check",
                        "s3://bucket/flink/" + scene.namespace.name() + "/a/checkpoints"));
    await("the pod that tried is removed").untilAsserted(() -> assertThat(checkPods()).isEmpty());
  }

  private List<Pod> checkPods() {
    return scene
        .client()
        .pods()
        .inNamespace(scene.namespace.name())
        .withLabel(Labels.COMPONENT, Labels.STORAGE_CHECK)
        .list()
        .getItems();
  }

  @Test
  void whereNothingIsOnS3NothingIsChecked() {
    scene.session("");
    assertThat(storage(scene.awaitReady())).isEmpty();
    assertThat(scene.client().pods().inNamespace(scene.namespace.name()).list().getItems())
        .noneMatch(StorageIT::checks);
  }

  @Test
  void aSessionClusterIsCheckedToo() {
    scene.session("storage: {baseURI: 's3://bucket/flink'}");
    assertThat(storage(scene.awaitReady()).orElseThrow().reason()).isEqualTo("StorageChecked");
  }
}
