package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.AutoscalingStatus.EvaluationStatus;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.TriggerKind;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A job that reads from a real Kafka, and whose size follows what comes in. Eight minutes, and what
 * it measures needs a machine without much else to do: told in a full run.
 */
@EndToEnd
@EnabledIfSystemProperty(
    named = "e2e.full",
    matches = "true",
    disabledReason = "autoscaling with a real Kafka is in ./verify --full")
@Order(1) // a long one: it begins before the others
class AutoscalingE2E {
  private static final String NAME = "lagging";

  /** More than the one task reads, and well below what three do. */
  private static final int MUCH = 150;

  /** Half of what one task reads at its best would be enough for one. */
  private static final int LITTLE = 20;

  private E2eNamespace space;
  private Kafka kafka;
  private ClusterUnderTest job;
  private FlinkClusterStatus first;
  private LoadCurve curve;

  @BeforeAll
  void begin(E2eCluster cluster) {
    space = cluster.space("autoscaling");
    job = space.subject(NAME);
    curve = new LoadCurve(job);
  }

  @AfterAll
  void leave() {
    curve.close();
    space.close();
  }

  private FlinkClusterStatus await(String what, Predicate<AutoscalingStatus> wanted) {
    FlinkClusterStatus status =
        job.await(
            what,
            ClusterUnderTest.START,
            s -> s.autoscaling() != null && wanted.test(s.autoscaling()));
    tell(what, status);
    return status;
  }

  private void comesIn(int perSecond) {
    kafka.rate(perSecond);
    curve.comesIn(perSecond);
  }

  private static void tell(String what, FlinkClusterStatus status) {
    System.err.printf("autoscaling, %s: %s%n", what, status.autoscaling());
  }

  private static Optional<EvaluationStatus> newest(AutoscalingStatus s) {
    return Optional.ofNullable(s.evaluations()).flatMap(all -> all.stream().findFirst());
  }

  @Test
  @Order(1)
  void moreComesInThanOneTaskReads() {
    kafka = Kafka.start(space, FullRunOnly.Versioned.NEWEST);
    comesIn(MUCH);
    space.apply(Templates.read("lagging", NAME, FullRunOnly.Versioned.NEWEST));
    first = job.awaitReady();
  }

  @Test
  @Order(2)
  void theLagIsSeenRisingAndMoreIsRecommended() {
    // At first more comes in than is seen to wait: Flink itself holds the records of half a minute.
    AutoscalingStatus told =
        await(
                "three are recommended, since the lag grows",
                s ->
                    newest(s).filter(e -> e.wanted() != null && e.wanted() == 3).isPresent()
                        && s.lag() != null
                        && s.lag().trend() >= MUCH / 10)
            .autoscaling();
    curve.mark("three are recommended");
    assertThat(newest(told).orElseThrow().rule()).isEqualTo("ScaleUp");
    assertThat(told.bottleneck()).contains("`work", "the sources wait for it", "the lag grows by");
    assertThat(told.lag().records()).isPositive();
    assertThat(told.lag().trend()).isLessThan(MUCH);
    assertThat(told.chosen()).isNull();
    assertThat(told.changes()).isNull();
    assertThat(job.parallelism()).isEqualTo(1);
  }

  @Test
  @Order(3)
  void itIsScaledUpInPlaceAndTheLagFalls() {
    curve.mark("mode: Apply");
    job.patch("{'spec': {'autoscaling': {'mode': 'Apply'}}}");
    await("more are chosen", s -> s.chosen() != null && s.chosen().replicas() > 1);
    FlinkClusterStatus up = rescaled("ScaleUp");
    assertThat(up.job().parallelism()).isEqualTo(3); // 150 / (0.7 × 100), and what waits
    long most = up.job().sourceLag();
    job.await("the lag falls", ClusterUnderTest.START, s -> s.job().sourceLag() <= most / 2);
    job.await("it is worked off", ClusterUnderTest.START, s -> s.job().sourceLag() < MUCH);
  }

  @Test
  @Order(4)
  void whenLittleComesInItIsScaledDown() {
    comesIn(LITTLE);
    await("one is enough", s -> s.chosen() != null && s.chosen().replicas() == 1);
    assertThat(rescaled("ScaleDown").job().parallelism()).isEqualTo(1);
  }

  /** It has reached the chosen size in place, and nobody has touched the spec. */
  private FlinkClusterStatus rescaled(String rule) {
    FlinkClusterStatus status =
        job.await(
            "rescaled",
            ClusterUnderTest.START,
            s ->
                s.operation() == null
                    && ClusterUnderTest.isTrue(s, "Ready")
                    && s.autoscaling().chosen() != null
                    && s.job().parallelism() == s.autoscaling().chosen().parallelism());
    tell("rescaled", status);
    OperationRecord operation = ClusterUnderTest.lastOperation(status);
    System.err.printf(
        "in place to %d: downtime %s%n", status.job().parallelism(), operation.downtime());
    assertThat(status.autoscaling().chosen().rule()).isEqualTo(rule);
    assertThat(operation.type()).isEqualTo(OperationType.RescaleInPlace);
    assertThat(operation.result()).isEqualTo(OperationResult.Succeeded);
    assertThat(operation.triggerKind()).isEqualTo(TriggerKind.Autoscaling);
    assertThat(status.job().id()).isEqualTo(first.job().id());
    toldByFlink(status.job().parallelism());
    assertThat(job.get().orElseThrow().getSpec().taskManager().replicas()).isEqualTo(1);
    return status;
  }

  private void toldByFlink(int parallelism) {
    Awaitility.await("Flink's own words")
        .atMost(ClusterUnderTest.START)
        .until(
            () ->
                job.parallelism() == parallelism
                    && space.pods(NAME, "taskmanager").size() == parallelism);
  }

  @Test
  @Order(5)
  void nothingIsLostAndNothingTwice() {
    comesIn(0);
    job.patch("{'spec': {'suspend': true}}");
    assertThat(job.awaitReady().phase()).isEqualTo(Phase.Suspended);
    assertThat(kafka.output().withoutGaps()).isPositive();
    String events = space.kubectl().ok("get", "events", "-o", "jsonpath={..message}");
    assertThat(events)
        .contains(List.of("TaskManagers recommended", "TaskManagers chosen", "ScaleDown"));
  }
}
