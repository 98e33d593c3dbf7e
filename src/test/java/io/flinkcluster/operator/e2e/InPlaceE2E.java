package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.testcluster.Patience;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The first example, rescaled in place by Flink's adaptive scheduler. */
@EndToEnd
@ParameterizedClass
@ValueSource(strings = {"2.3", "1.20"})
class InPlaceE2E implements FullRunOnly.Versioned {
  private static final String NAME = "top-speed";
  private static final Duration SHORT = Patience.LONG;

  /** 0.3 to 2 s were seen on two cores; these may be busy. */
  private static final double LONGEST = 15;

  @Parameter private String version;
  private E2eCluster cluster;
  private E2eNamespace space;
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
    space = cluster.space("in-place");
    job = space.subject(NAME);
  }

  @AfterParameterizedClassInvocation
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  void theJobRunsUnderTheAdaptiveScheduler() {
    space.apply(
        Templates.firstExample(version)
            .replace("  storage:\n    base", "  rescale: {mode: InPlace}\n  storage:\n    base"));
    FlinkClusterStatus status = job.awaitReady();
    assertThat(job.flink("/jobs/" + status.job().id() + "/resource-requirements"))
        .hasValueSatisfying(told -> assertThat(told.toString()).contains("\"upperBound\":1"));
  }

  @Test
  @Order(2)
  void scalingUpKeepsTheJobItsProcessesAndItsState() {
    rescaledTo(2);
  }

  @Test
  @Order(3)
  void scalingDownDoesSoTooAndRestartsTheJobOnlyOnce() {
    rescaledTo(1);
    String restored = job.restored();
    await()
        .during(Duration.ofSeconds(8))
        .atMost(SHORT)
        .untilAsserted(() -> assertThat(job.restored()).isEqualTo(restored));
  }

  private void rescaledTo(int replicas) {
    FlinkClusterStatus before = job.status();
    long checkpoint = job.checkpointInStatus();
    String restored = job.restored();
    List<String> jobManagers = names("jobmanager");
    space.kubectl().ok("scale", "flc/" + NAME, "--replicas", String.valueOf(replicas));
    FlinkClusterStatus status = job.awaitReady();
    OperationRecord operation = ClusterUnderTest.lastOperation(status);
    assertThat(operation.type()).isEqualTo(OperationType.RescaleInPlace);
    assertThat(operation.result()).isEqualTo(OperationResult.Succeeded);
    assertThat(operation.epoch()).isNull();
    assertThat(operation.savepoint()).isNull();
    System.err.printf(
        "Flink %s in place to %d: downtime %s, %s to %s: %s%n",
        version,
        replicas,
        operation.downtime(),
        operation.startedAt(),
        operation.endedAt(),
        operation.steps());
    assertThat(operation.downtime()).as("downtime of %s", operation).isNotNull();
    assertThat(Double.parseDouble(operation.downtime().replace("s", ""))).isBetween(0.0, LONGEST);
    assertThat(status.job().id()).isEqualTo(before.job().id());
    assertThat(status.launch().epoch()).isEqualTo(before.launch().epoch());
    assertThat(status.launch().generation()).isEqualTo(status.observedGeneration());
    assertThat(names("jobmanager")).isEqualTo(jobManagers);
    await("Flink's own words")
        .atMost(SHORT)
        .untilAsserted(
            () -> {
              assertThat(job.parallelism()).isEqualTo(replicas);
              // From a cache of 3 s; until then it tells of the restart before.
              assertThat(job.restored()).contains(before.job().id()).isNotEqualTo(restored);
              assertThat(ClusterUnderTest.checkpoint(job.restored()))
                  .isGreaterThanOrEqualTo(checkpoint);
              assertThat(names("taskmanager")).hasSize(replicas);
            });
  }

  private List<String> names(String component) {
    return space.pods(NAME, component).stream()
        .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
        .map((Pod p) -> p.getMetadata().getName())
        .toList();
  }

  @Test
  @Order(4)
  @FullRunOnly
  void aLostJobManagerIsRecoveredWithTheSizeThatWasReachedInPlace() {
    rescaledTo(2);
    String lost = job.status().job().id();
    space.kubectl().ok("delete", "pod", names("jobmanager").get(0), "--wait=false");
    job.await(
        "another job", ClusterUnderTest.START, s -> s.job() != null && !lost.equals(s.job().id()));
    FlinkClusterStatus status = job.awaitReady();
    assertThat(ClusterUnderTest.lastOperation(status).type()).isEqualTo(OperationType.Recovery);
    assertThat(job.parallelism()).isEqualTo(2);
    assertThat(job.restored()).contains(lost);
  }

  @Test
  @Order(5)
  @FullRunOnly
  void autoTakesASavepointWhereAChangeCannotBeMadeInPlace() {
    job.patch(
        "{'spec': {'rescale': {'mode': 'Auto'}, 'taskManager': {'taskSlots': 2, 'replicas': 2}}}");
    OperationRecord operation = ClusterUnderTest.lastOperation(job.awaitReady());
    assertThat(operation.type()).isEqualTo(OperationType.Rescale);
    assertThat(operation.result()).isEqualTo(OperationResult.Succeeded);
    assertThat(operation.savepoint()).contains("/savepoints/");
    assertThat(job.parallelism()).isEqualTo(4);
    assertThat(job.restored()).isEqualTo(operation.savepoint());
  }

  @Test
  @Order(6)
  @FullRunOnly
  void autoGoesInPlaceWhereItCan() {
    String before = job.status().job().id();
    space.kubectl().ok("scale", "flc/" + NAME, "--replicas", "1");
    FlinkClusterStatus status = job.awaitReady();
    OperationRecord operation = ClusterUnderTest.lastOperation(status);
    assertThat(operation.result()).isEqualTo(OperationResult.Succeeded);
    assertThat(operation.savepoint()).isNull();
    assertThat(status.job().id()).isEqualTo(before);
    await("Flink's own words").atMost(SHORT).until(() -> job.parallelism() == 2);
  }
}
