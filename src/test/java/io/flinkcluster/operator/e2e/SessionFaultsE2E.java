package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.testcluster.Kubectl;
import io.flinkcluster.operator.testcluster.Patience;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * What {@link InfrastructureE2E} does to the pods of a job, done to those of a cluster that waits
 * for jobs, and a job whose main method throws. Costs about a minute.
 */
@EndToEnd
class SessionFaultsE2E {
  private static final String NAME = "harried";

  private E2eNamespace space;
  private ClusterUnderTest session;

  @BeforeAll
  void begin(E2eCluster cluster) {
    space = cluster.space("session-faults");
    session = space.subject(NAME);
  }

  @AfterAll
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  void anApplicationThatFailsIsItsUsersAndNotTheClusters() {
    space.apply(Templates.read("harried-session", NAME, "2.3"));
    session.awaitReady();
    Kubectl.Result said =
        space.bash(
            session.pod("jobmanager"),
            "flink run examples/streaming/WordCount.jar --execution-mode FOO 2>&1");
    assertThat(said.code()).isNotZero();
    assertThat(said.output()).contains("FOO");
    assertThat(ClusterUnderTest.find(session.awaitReady(), "Ready").orElseThrow().reason())
        .isEqualTo("SessionRunning");
  }

  @Test
  @Order(2)
  void aTaskManagerThatHangsIsNamed() {
    Pod hanging = session.pod("taskmanager");
    assertThat(space.bash(hanging, "kill -STOP $(ls /tmp/hsperfdata_*/)").code()).isZero();
    session.awaitCondition(
        "Ready", Patience.LONG, "TaskManagerNotRegistered", hanging.getMetadata().getName());
    assertThat(session.status().taskManagers().unregistered()).hasSize(1);
    assertThat(space.bash(hanging, "kill -CONT $(ls /tmp/hsperfdata_*/)").code()).isZero();
    assertThat(session.awaitReady().taskManagers().unregistered()).isNull();
  }

  @Test
  @Order(3)
  void aJobManagerThatIsTakenAwayWhileAChangeStartsIsNoVerdictOnTheSpec() {
    session.patch("{'spec': {'bufferTimeout': '7ms'}}");
    session.await(
        "a new JobManager runs",
        Patience.LONG,
        s ->
            s.operation() != null
                && s.operation().stage() == OperationStage.Starting
                && s.launch().epoch() == 2
                && space.pods(NAME, "jobmanager").stream().anyMatch(SessionFaultsE2E::runs));
    space
        .kubectl()
        .ok("delete", "pod", session.pod("jobmanager").getMetadata().getName(), "--wait=false");
    OperationRecord record = ClusterUnderTest.lastOperation(session.awaitReady());
    assertThat(record.result()).isEqualTo(OperationResult.Succeeded);
  }

  @Test
  @Order(4)
  void anInitContainerThatFailsIsNamedAndTheChangeUndoneLongBeforeItsDeadline() {
    session.patch(
        "{'spec': {'changeTimeout': '100s', 'jobManager': {'podTemplate': {'spec':"
            + " {'initContainers': [{'name': 'migrate', 'image': 'flink:2.3', 'command': ['bash',"
            + " '-c', 'exit 3'], 'securityContext': {'allowPrivilegeEscalation': false,"
            + " 'capabilities': {'drop': ['ALL']}}}]}}}}}");
    session.awaitCondition("Ready", Patience.LONG, "ContainerFailing", "container migrate");
    FlinkClusterStatus status =
        session.await(
            "it is undone",
            Patience.LONG,
            s -> ClusterUnderTest.lastOperation(s).result() == OperationResult.RolledBack);
    assertThat(ClusterUnderTest.lastOperation(status).message()).contains("migrate", "code 3");
    session.awaitCondition("Stalled", Patience.LONG, "RolledBack", "migrate");
    assertThat(space.pods(NAME, "jobmanager")).hasSize(1);
  }

  private static boolean runs(Pod pod) {
    return "Running".equals(pod.getStatus().getPhase());
  }
}
