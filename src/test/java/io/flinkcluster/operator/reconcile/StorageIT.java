package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.report.Conditions;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeKubelet.PodProblem;
import io.flinkcluster.operator.testcluster.RealApiServer;
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
    return storage(status).filter(c -> c.reason().equals(reason)).isPresent();
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

  @Test
  void aChangeThatIsDeniedIsUndoneAndTheJobRuns() {
    scene.apply("");
    assertThat(storage(scene.awaitReady()).orElseThrow().reason()).isEqualTo("StorageChecked");
    scene.kubelet.problem(
        pod -> checks(pod) && pod.getSpec().getServiceAccountName().equals("another"),
        PodProblem.STORAGE_DENIED);
    scene.patch("{'spec': {'serviceAccountName': 'another'}}");
    OperationRecord undone = scene.awaitResult(OperationResult.RolledBack);
    assertThat(undone.message()).contains(DENIED);
    scene.await(
        "the job runs as before",
        s -> s.operation() == null && s.job() != null && "RUNNING".equals(s.job().state()));
    scene.await("checked anew", s -> is(s, "StorageChecked"));
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
