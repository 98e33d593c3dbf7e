package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.e2e.exactlyonce.Output;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A JobManager whose container is started again in the same pod does not run its job again. */
@EndToEnd
@ParameterizedClass
@ValueSource(strings = {"2.3", "1.20"})
class OneStartE2E implements FullRunOnly.Versioned {
  private static final String MARK = "/flinkcluster/start-mark";
  private static final int REFUSED = 75;

  @Parameter private String version;
  private E2eCluster cluster;
  private E2eNamespace space;
  private Verifying verifying;
  private ClusterUnderTest job;

  @Override
  public String version() {
    return version;
  }

  @BeforeAll
  void find(E2eCluster found) {
    cluster = found;
  }

  @BeforeParameterizedClassInvocation
  void begin() {
    space = cluster.space("one-start");
    verifying = Verifying.start(space, version);
    job = verifying.job();
  }

  @AfterParameterizedClassInvocation
  void leave() {
    space.close();
  }

  private Pod jobManager() {
    return job.pod("jobmanager");
  }

  private static ContainerStatus flink(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(container -> container.getName().equals("flink"))
        .findFirst()
        .orElseThrow();
  }

  /**
   * While nobody looks, the JVM of the JobManager dies, and the kubelet starts its container again
   * until it is as wanted. Then the operator comes back.
   *
   * @param before what a shell in the container does first
   */
  private void crash(String before, Predicate<ContainerStatus> wanted) {
    String lost = job.status().job().id();
    cluster.withoutOperator(
        () -> {
          long newest = ClusterUnderTest.checkpoint(job.newestCheckpoint());
          await("a checkpoint that the operator has not seen")
              .atMost(ClusterUnderTest.START)
              .until(() -> ClusterUnderTest.checkpoint(job.newestCheckpoint()) > newest + 1);
          space.crash(jobManager(), before);
          await("what becomes of the container")
              .atMost(ClusterUnderTest.START)
              .until(() -> flink(jobManager()), wanted);
        });
    job.await(
        "another job", ClusterUnderTest.START, s -> s.job() != null && !lost.equals(s.job().id()));
    OperationRecord operation = ClusterUnderTest.lastOperation(job.awaitReady());
    assertThat(operation.type()).isEqualTo(OperationType.Recovery);
    assertThat(job.restored()).contains(lost + "/chk-");
    verifying.goesOnWithNothingTwice();
  }

  private String said() {
    return space.kubectl().ok("logs", jobManager().getMetadata().getName(), "-c", "flink");
  }

  @Test
  @Order(1)
  void refusesWithTheMarkInPlace() {
    crash(
        "",
        container ->
            container.getRestartCount() == 1
                && container.getState().getRunning() != null
                && said().contains("this JobManager has already run in this pod"));
  }

  @Test
  @Order(2)
  @FullRunOnly
  void refusesWithoutTheMarkSinceTheDirectoryOfTheJobIsThere() {
    crash(
        "rm -r " + MARK + "/started; ",
        container ->
            container.getLastState().getTerminated() != null
                && container.getLastState().getTerminated().getExitCode() == REFUSED
                && container
                    .getLastState()
                    .getTerminated()
                    .getMessage()
                    .contains("this job has already run: /data/flink/"));
  }

  @Test
  @Order(3)
  void itsOutputIsCompleteAndFreeOfDuplicatesInTheEnd() {
    int end = verifying.output().highest() + Verifying.LEFT;
    job.patch("{'spec': {'job': {'args': ['/data/out', '%d']}}}".formatted(end));
    job.await("the end of the job", ClusterUnderTest.START, s -> s.phase() == Phase.Finished);
    Output output = verifying.output();
    output.withoutGaps();
    assertThat(output.highest()).isGreaterThanOrEqualTo(end - 1);
  }
}
