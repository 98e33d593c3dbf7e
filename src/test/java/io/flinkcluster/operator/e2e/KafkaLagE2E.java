package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The lag in the status beside what the broker says, with each generation of Flink and its
 * connector: of two sources, of which one has a task without a partition and the other gets all
 * into one of eight, and after a TaskManager was lost.
 */
@EndToEnd
@FullRunOnly
@ParameterizedClass
@ValueSource(strings = {"2.3", "1.20"})
class KafkaLagE2E implements FullRunOnly.Versioned {
  private static final String NAME = "two-topics";

  /** Comes in per second while anything does; the two tasks read 40. */
  private static final int FIRST = 400;

  private static final int OTHER = 200;

  /** Waits at each source at least when it is looked at. */
  private static final long MUCH = 3_000;

  /**
   * Share of what the broker says, in percent, that the status shows at least: what a connector has
   * fetched waits in no lag of Flink's (three times 500 records for each reader, and what is in
   * Flink's buffers), and how much has come in since, Flink knows with the next batch.
   */
  private static final int SHOWN = 70;

  /** The broker hears of what was read with the next checkpoint. */
  private static final long NOT_TOLD_YET = 200;

  @Parameter private String tried;
  private E2eCluster cluster;
  private E2eNamespace space;
  private Kafka kafka;
  private ClusterUnderTest job;

  /** Each of them is told of in a full run only. */
  @Override
  public String version() {
    return tried + " with Kafka";
  }

  @BeforeAll
  void find(E2eCluster found) {
    cluster = found;
  }

  @BeforeParameterizedClassInvocation
  void begin() {
    space = cluster.space("kafka-lag");
    job = space.subject(NAME);
  }

  @AfterParameterizedClassInvocation
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  void whatWaitsAtBothSourcesIsCounted() {
    kafka = Kafka.start(space, tried);
    kafka.rates(FIRST, OTHER);
    space.apply(Templates.read("lagging-two-topics", NAME, tried));
    job.awaitReady();
    Awaitility.await("much waits in both topics")
        .atMost(ClusterUnderTest.START)
        .until(
            () -> {
              Map<String, Long> lag = kafka.groupLag();
              return lag.get("numbers") > 2 * MUCH && lag.get("other") > MUCH;
            });
    kafka.rates(0, 0);
    theLagIsThatOfTheBroker();
  }

  private void theLagIsThatOfTheBroker() {
    Awaitility.await("the lag of the broker")
        .atMost(ClusterUnderTest.START)
        .untilAsserted(
            () -> {
              long seen = job.status().job().sourceLag();
              Map<String, Long> told = kafka.groupLag();
              long all = told.values().stream().mapToLong(Long::longValue).sum();
              System.err.printf("Flink %s: lag %d, the broker says %s%n", tried, seen, told);
              assertThat(told.values()).allMatch(lag -> lag > MUCH / 2);
              assertThat(seen).isBetween(all * SHOWN / 100, all + NOT_TOLD_YET);
            });
  }

  @Test
  @Order(2)
  void theVertexThatHoldsThemUpIsNamed() {
    FlinkClusterStatus status =
        job.await(
            "the bottleneck",
            ClusterUnderTest.START,
            s -> s.autoscaling().bottleneck().contains("`work"));
    AutoscalingStatus told = status.autoscaling();
    System.err.printf("Flink %s: %s, %s%n", tried, told.bottleneck(), told.lag());
    // Half of the sources' tasks have nothing to read.
    assertThat(Double.parseDouble(status.job().backPressure().ratio())).isGreaterThan(0.3);
    assertThat(told.lag().records()).isPositive();
    assertThat(told.lag().secondsBehind()).isPositive();
  }

  @Test
  @Order(3)
  void itIsSoAfterATaskManagerWasLost() {
    String lost = job.pod("taskmanager").getMetadata().getName();
    long restarts = job.status().job().restarts();
    space.kubectl().ok("delete", "pod", lost, "--wait=false");
    job.await(
        "the job was restarted",
        ClusterUnderTest.START,
        s -> s.job().restarts() > restarts && ClusterUnderTest.isTrue(s, "Ready"));
    theLagIsThatOfTheBroker();
  }
}
