package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.testcluster.Kubectl;
import io.flinkcluster.operator.testcluster.Patience;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * What nodes, neighbours and sidecars do to the pods of a job: a process that hangs, a pod that is
 * taken away in the middle of a change, a container that does not end. Less than a minute each.
 */
@EndToEnd
class InfrastructureE2E {
  private static final String NAME = "harried";
  private static final Duration SOON = Patience.LONG;

  private E2eNamespace space;
  private ClusterUnderTest job;

  @BeforeAll
  void begin(E2eCluster cluster) {
    space = cluster.space("infrastructure");
    job = space.subject(NAME);
  }

  @AfterAll
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  void aClaimOfItsOwnIsMadeForEachPodAndFlinkWritesToIt() {
    space.apply(Templates.read("harried", NAME, "2.3"));
    job.awaitReady();
    for (String component : List.of("jobmanager", "taskmanager")) {
      Pod pod = job.pod(component);
      space.kubectl().ok("get", "pvc", pod.getMetadata().getName() + "-scratch");
      assertThat(space.bash(pod, "ls /scratch").output()).contains("flink-rpc-");
    }
  }

  @Test
  @Order(2)
  void aTaskManagerThatHangsIsNamedAndItsProbeFails() {
    Pod hanging = job.pod("taskmanager");
    String name = hanging.getMetadata().getName();
    String alive = "bash /opt/flink/conf/alive.sh 6122";
    assertThat(space.bash(hanging, alive).code()).isZero();
    assertThat(space.bash(hanging, "kill -STOP $(ls /tmp/hsperfdata_*/)").code()).isZero();
    FlinkClusterStatus status =
        job.await(
            "the pod is named",
            SOON,
            s ->
                ClusterUnderTest.find(s, "Ready")
                    .filter(c -> c.reason().equals("TaskManagerNotRegistered"))
                    .filter(c -> c.message().contains(name))
                    .isPresent());
    assertThat(status.taskManagers().unregistered()).hasSize(1);
    assertThat(space.kubectl().ok("get", "pod", name, "-o", "jsonpath={.status.conditions}"))
        .as("it is ready all the same")
        .containsPattern("\"status\":\"True\",\"type\":\"Ready\"");
    Kubectl.Result frozen = space.bash(hanging, alive);
    assertThat(frozen.output()).contains("frozen");
    assertThat(frozen.code()).isEqualTo(1);
    assertThat(space.bash(hanging, "kill -CONT $(ls /tmp/hsperfdata_*/)").code()).isZero();
    assertThat(job.awaitReady().taskManagers().unregistered()).isNull();
  }

  @Test
  @Order(3)
  void aJobManagerThatIsTakenAwayWhileAChangeStartsIsNoVerdictOnTheSpec() {
    job.patch("{'spec': {'bufferTimeout': '7ms'}}");
    job.await(
        "a new JobManager runs",
        SOON,
        s ->
            s.operation() != null
                && s.operation().stage() == OperationStage.Starting
                && s.launch().epoch() == 2
                && s.launch().jobManagerPod() != null
                && space.pods(NAME, "jobmanager").stream().anyMatch(InfrastructureE2E::runs));
    space
        .kubectl()
        .ok("delete", "pod", job.pod("jobmanager").getMetadata().getName(), "--wait=false");
    FlinkClusterStatus status = job.awaitReady();
    OperationRecord record = ClusterUnderTest.lastOperation(status);
    assertThat(record.type()).isEqualTo(OperationType.Upgrade);
    assertThat(record.result()).isEqualTo(OperationResult.Succeeded);
    assertThat(status.launch().epoch()).isEqualTo(3);
    assertThat(record.downtime()).isNotNull();
    assertThat(record.steps())
        .filteredOn(step -> step.name() == OperationStage.Stopping)
        .as("the sidecar that ignores SIGTERM is named where it delays")
        .anySatisfy(step -> assertThat(step.message()).contains("stubborn"));
  }

  @Test
  @Order(4)
  void anInitContainerThatFailsIsNamedAndTheChangeGivenUpWhileTheJobRunsOn() {
    FlinkClusterStatus before = job.status();
    job.patch(
        "{'spec': {'changeTimeout': '100s', 'jobManager': {'podTemplate': {'spec':"
            + " {'initContainers': [{'name': 'migrate', 'image': 'flink:2.3', 'command': ['bash',"
            + " '-c', 'exit 3'], 'securityContext': {'allowPrivilegeEscalation': false,"
            + " 'capabilities': {'drop': ['ALL']}}}]}}}}}");
    job.awaitCondition("Ready", SOON, "ContainerFailing", "container migrate");
    OperationRecord givenUp =
        ClusterUnderTest.lastOperation(
            job.await(
                "it is given up",
                SOON,
                s -> ClusterUnderTest.lastOperation(s).result() == OperationResult.Abandoned));
    assertThat(givenUp.message()).contains("migrate", "code 3");
    assertThat(givenUp.savepoint()).isNull();
    job.awaitCondition("Stalled", SOON, "RolledBack", "migrate");
    assertThat(job.status().job().id()).isEqualTo(before.job().id());
    assertThat(job.status().launch().epoch()).isEqualTo(before.launch().epoch());
  }

  private static boolean runs(Pod pod) {
    return "Running".equals(pod.getStatus().getPhase());
  }
}
