package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.AutoscalingStatus.Chosen;
import io.flinkcluster.operator.api.AutoscalingStatus.EvaluationStatus;
import io.flinkcluster.operator.api.AutoscalingStatus.SizeChangeStatus;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.AuditLog;
import io.flinkcluster.operator.testcluster.FakeLoad;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A size that follows the load, on a real API server with its controllers. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class AutoscalingIT {
  /**
   * Passes with every look at Flink; two of them are longer than stabilization.up: a slow
   * JobManager.
   */
  private static final Duration STEP = Duration.ofSeconds(25);

  /** Looks at the status, 50 ms apart, in which nothing was asked: the look at Flink is over. */
  private static final int QUIET = 10;

  private static final int PER_TASK = 100;

  private final ApiServer server;
  private final ClusterFixture scene;
  private final FakeLoad load;

  AutoscalingIT(ApiServer server) {
    this.server = server;
    scene = ClusterFixture.in(server, "autoscaling");
    load = scene.fake().load(new FakeLoad(scene.clock));
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private static String spec(String mode) {
    return """
    rescale: {mode: InPlace}
    autoscaling:
      mode: "%s"
      maxReplicas: 4
      catchUp: 1m
      stabilization: {up: 30s, down: 1m}
      maxScaleDownPercent: 100
    """
        .formatted(mode);
  }

  private FlinkClusterStatus begun(String mode, double arriving) {
    load.rates(arriving, PER_TASK);
    scene.apply(spec(mode));
    return scene.awaitReady();
  }

  /**
   * Waits until the status is so; time passes with every look that the operator takes at Flink,
   * once that is surely over, and not while an operation is under way, whose deadline it would
   * bring.
   */
  private FlinkClusterStatus passUntil(String what, Predicate<FlinkClusterStatus> wanted) {
    var last = new AtomicLong(scene.fake().asked());
    var taken = new AtomicLong(last.get());
    var quiet = new AtomicInteger();
    return scene.await(
        what,
        s -> {
          boolean so = wanted.test(s);
          long asked = scene.fake().asked();
          quiet.set(last.getAndSet(asked) == asked ? quiet.get() + 1 : 0);
          boolean over = quiet.get() >= QUIET && asked > taken.get();
          if (!so && over && s.operation() == null) {
            taken.set(asked);
            scene.clock.forward(STEP);
          }
          return so;
        });
  }

  /** So many looks, with the time between them. */
  private FlinkClusterStatus looks(int count) {
    var from = new AtomicLong(scene.clock.instant().toEpochMilli());
    long passed = STEP.multipliedBy(count).toMillis();
    return passUntil(
        count + " looks", s -> scene.clock.instant().toEpochMilli() >= from.get() + passed);
  }

  private static Optional<Chosen> chosen(FlinkClusterStatus s) {
    return Optional.ofNullable(s.autoscaling()).map(AutoscalingStatus::chosen);
  }

  private static Stream<EvaluationStatus> evaluations(FlinkClusterStatus s) {
    return Optional.ofNullable(s.autoscaling()).map(AutoscalingStatus::evaluations).stream()
        .flatMap(List::stream);
  }

  private static Predicate<FlinkClusterStatus> chose(Predicate<Integer> replicas) {
    return s -> chosen(s).filter(c -> replicas.test(c.replicas())).isPresent();
  }

  /** Waits until an operation has ended that brought the job to this size. */
  private FlinkClusterStatus awaitSize(int size) {
    return scene.await(
        "a job of " + size,
        s ->
            s.operation() == null
                && s.operations() != null
                && ClusterFixture.is(s, "Ready")
                && s.job().parallelism() == size);
  }

  private FlinkClusterStatus scaledUp(FlinkClusterStatus before) {
    int size = chosen(passUntil("more are chosen", chose(n -> n > 1))).orElseThrow().replicas();
    FlinkClusterStatus after = awaitSize(size);
    OperationRecord operation = ClusterFixture.last(after);
    assertThat(operation.type()).isEqualTo(OperationType.RescaleInPlace);
    assertThat(operation.result()).isEqualTo(OperationResult.Succeeded);
    assertThat(operation.triggerKind()).isEqualTo(TriggerKind.Autoscaling);
    assertThat(after.launch().epoch()).isEqualTo(before.launch().epoch());
    assertThat(after.launch().jobId()).isEqualTo(before.launch().jobId());
    return after;
  }

  private List<String> events() {
    return scene
        .client()
        .v1()
        .events()
        .inNamespace(scene.namespace.name())
        .list()
        .getItems()
        .stream()
        .filter(e -> e.getReason().equals("Autoscaling"))
        .map(e -> e.getMessage())
        .toList();
  }

  private void awaitEvent(String... words) {
    org.awaitility.Awaitility.await("an event")
        .atMost(ClusterFixture.LONG)
        .untilAsserted(() -> assertThat(events()).anySatisfy(e -> assertThat(e).contains(words)));
  }

  @Test
  void aSizeIsChosenAndReachedInPlaceAndTheSpecIsLeftAsItIs() {
    FlinkClusterStatus first = begun("Apply", 150);
    FlinkClusterSpec spec = scene.cluster().getSpec();
    FlinkClusterStatus up = scaledUp(first);

    int size = up.job().parallelism();
    assertThat(size).isBetween(3, 4); // 150 / (0.7 × 100), and what waits
    assertThat(up.autoscaling().bottleneck()).contains("`Sink: out` is busy 100 %");
    assertThat(evaluations(up)).anySatisfy(e -> assertThat(e.rule()).isEqualTo("ScaleUp"));
    SizeChangeStatus change = up.autoscaling().changes().get(0);
    assertThat(List.of(change.from(), change.to())).containsExactly(1, size);
    awaitEvent(size + " TaskManagers chosen, now 1", "ScaleUp");
    scene.replaceOperator();
    passUntil("the lag is worked off", s -> load.waiting() == 0);

    load.rates(20, PER_TASK);
    passUntil("one is enough", chose(n -> n == 1));
    FlinkClusterStatus down = awaitSize(1);
    assertThat(down.autoscaling().chosen().rule()).isEqualTo("ScaleDown");
    // While the lag was worked off there may have been a further step up.
    assertThat(down.autoscaling().changes()).hasSizeBetween(2, 3);
    assertThat(down.autoscaling().changes().get(0).to()).isEqualTo(1);
    assertThat(ClusterFixture.last(down).triggerKind()).isEqualTo(TriggerKind.Autoscaling);
    assertThat(ClusterFixture.last(down).trigger()).contains("(autoscaling, ScaleDown)");
    assertThat(scene.fake().requiredAndRescales())
        .containsExactly(1, down.autoscaling().changes().size());
    assertThat(scene.fake().starts()).hasSize(1);
    assertThat(scene.cluster().getSpec()).isEqualTo(spec);
    assertThat(scene.cluster().getMetadata().getGeneration()).isEqualTo(first.observedGeneration());
    scene.assertStateNeverLost();
  }

  @Test
  void whatIsRecommendedIsToldAndNotDone() {
    begun("Recommend", 150);
    long calls = scene.fake().calls().size();
    FlinkClusterStatus told =
        passUntil(
            "more are recommended",
            s -> evaluations(s).anyMatch(e -> e.wanted() != null && e.wanted() > 1));

    assertThat(evaluations(told).findFirst().orElseThrow().rule()).isEqualTo("ScaleUp");
    assertThat(evaluations(told).findFirst().orElseThrow().inputs())
        .contains("Sink: out: 1 task busy 100 %, each could read 100/s");
    assertThat(told.autoscaling().lag().trend()).isBetween(40L, 60L); // 50, as far as looks tell
    awaitEvent("TaskManagers recommended, now 1", "ScaleUp");
    FlinkClusterStatus later = looks(4);
    assertThat(later.autoscaling().chosen()).isNull();
    assertThat(later.autoscaling().changes()).isNull();
    assertThat(later.job().parallelism()).isEqualTo(1);
    assertThat(later.operations()).hasSameSizeAs(told.operations());
    assertThat(scene.fake().calls()).hasSize((int) calls);

    scene.patch("{'spec': {'autoscaling': {'mode': 'Off'}}}");
    scene.await("nothing is told", s -> s.autoscaling() == null);
  }

  @Test
  void offNothingIsWrittenAtRest() {
    begun("Off", 150);
    scene.noMoreCheckpoints();
    passUntil("the lag of now is told", s -> s.job().sourceLag() != null);
    load.rates(PER_TASK, PER_TASK); // what waits stays as it is
    looks(4);
    AuditLog.Mark mark = server.audit().mark();
    FlinkClusterStatus status = looks(6);

    assertThat(status.autoscaling()).isNull();
    assertThat(server.audit().since(mark))
        .filteredOn(r -> r.namespace().equals(scene.namespace.name()))
        .filteredOn(r -> r.userAgent().equals("flinkcluster-operator"))
        .filteredOn(AuditLog.Request::writes)
        .isEmpty();
    assertThat(events()).isEmpty();
  }

  @Test
  void anEditOfTheSpecWinsUntilItIsReleased() {
    FlinkClusterStatus up = scaledUp(begun("Apply", 250));
    assertThat(up.job().parallelism()).isEqualTo(4);
    scene.scale(2);
    FlinkClusterStatus held = awaitSize(2);

    assertThat(ClusterFixture.last(held).type()).isEqualTo(OperationType.RescaleInPlace);
    assertThat(ClusterFixture.last(held).triggerKind()).isEqualTo(TriggerKind.SpecChange);
    assertThat(held.autoscaling().chosen()).isNull();
    assertThat(held.autoscaling().heldSince()).isNotNull();
    awaitHeld();
    assertThat(looks(3).job().parallelism()).isEqualTo(2);

    scene.patch("{'spec': {'autoscaling': {'mode': 'Recommend'}}}");
    scene.await("released", s -> s.autoscaling().heldSince() == null);
    scene.patch("{'spec': {'autoscaling': {'mode': 'Apply'}}}");
    passUntil("more are chosen again", chose(n -> n > 2));
    awaitSize(4);
    assertThat(scene.cluster().getSpec().taskManager().replicas()).isEqualTo(2);
    assertThat(scene.fake().starts()).hasSize(1);
  }

  @Test
  void aSizeThatFindsNoRoomIsGivenUpAndNotTriedAgainSoon() {
    load.rates(150, PER_TASK);
    scene.apply(spec("Apply") + "changeTimeout: 5s\n");
    FlinkClusterStatus first = scene.awaitReady();
    scene
        .namespace
        .kubectl()
        .apply(
            """
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: few}
            spec: {hard: {pods: "2"}}
            """);
    FlinkClusterStatus failed =
        passUntil(
            "given up", s -> chosen(s).filter(c -> c.rule().equals("RescaleFailed")).isPresent());

    assertThat(failed.autoscaling().chosen().replicas()).isEqualTo(1);
    passUntil(
        "and held",
        s ->
            evaluations(s)
                .findFirst()
                .filter(e -> e.rule().equals("HoldAfterIneffective"))
                .isPresent());
    awaitEvent("HoldAfterIneffective");
    FlinkClusterStatus later = looks(4);
    assertThat(later.operation()).isNull();
    assertThat(later.autoscaling().changes()).hasSize(2);
    assertThat(later.launch().jobId()).isEqualTo(first.launch().jobId());
    assertThat(later.job().parallelism()).isEqualTo(1);
    assertThat(scene.fake().starts()).hasSize(1);
  }

  @Test
  void whatAHorizontalPodAutoscalerWritesWinsAsAnyEdit() {
    scaledUp(begun("Apply", 250));
    scene
        .namespace
        .kubectl()
        .apply(
            // It has no metrics here, but its bounds.
            """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: a}
            spec:
              scaleTargetRef: {apiVersion: flinkcluster.io/v1, kind: FlinkCluster, name: a}
              minReplicas: 2
              maxReplicas: 3
              metrics:
                - type: Resource
                  resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
            """);
    FlinkClusterStatus held = awaitSize(2);

    assertThat(scene.cluster().getSpec().taskManager().replicas()).isEqualTo(2);
    assertThat(held.autoscaling().chosen()).isNull();
    assertThat(held.autoscaling().heldSince()).isNotNull();
    awaitHeld();
    assertThat(looks(3).job().parallelism()).isEqualTo(2);
  }

  /** Another size is still wanted, and not reached for. */
  private void awaitHeld() {
    passUntil(
        "more would be chosen, and are not",
        s ->
            evaluations(s)
                .findFirst()
                .filter(e -> e.wanted() != null && e.whyNotMore() != null)
                .filter(e -> e.whyNotMore().contains("or a HorizontalPodAutoscaler, and wins"))
                .isPresent());
  }
}
