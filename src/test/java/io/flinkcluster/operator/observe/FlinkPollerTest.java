package io.flinkcluster.operator.observe;

import static io.flinkcluster.operator.observe.FakeFlink.JOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.ApplicationSummary;
import io.flinkcluster.operator.flinkrest.JobSummary;
import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.ObservedApplication;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedScaling;
import io.flinkcluster.operator.model.SavepointProgress;
import io.flinkcluster.operator.observe.Target.Pace;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlinkPollerTest {

  private static final ClusterKey KEY = new ClusterKey("ns", "a", "u");
  private static final String TRIGGER = "1".repeat(32);
  private static final Target SLOW = target(1, JOB, Pace.SLOW);
  private static final Target FAST = target(1, JOB, Pace.FAST);

  private final FakeFlink flink = new FakeFlink();
  private final List<ClusterKey> told = new CopyOnWriteArrayList<>();
  private FlinkPoller poller = new FlinkPoller(flink, Clock.systemUTC(), told::add);

  @AfterEach
  void close() {
    poller.close();
  }

  private static Target target(long epoch, String job, Pace pace) {
    var address = new Address("jm-" + epoch, 8081);
    return new Target(epoch, address, Optional.of(job), Optional.empty(), pace);
  }

  private static Target following(Target target, String trigger) {
    return new Target(
        target.epoch(), target.address(), target.jobId(), Optional.of(trigger), target.pace());
  }

  private FlinkObservation seen(Predicate<FlinkObservation> wanted) {
    return await().until(() -> poller.latest(KEY), o -> o.filter(wanted).isPresent()).orElseThrow();
  }

  private void looks(int more) {
    long before = flink.count("overview");
    await().until(() -> flink.count("overview") >= before + more);
  }

  @Test
  void aWatchedClusterIsLookedAtAtOnceAndTold() {
    var begun = Instant.now();
    poller.watch(KEY, SLOW);
    var seen = seen(o -> true);
    assertThat(seen.epoch()).isEqualTo(1);
    assertThat(seen.reachable()).isTrue();
    assertThat(seen.at()).isBetween(begun, Instant.now());
    assertThat(seen.taskManagers()).hasSize(1);
    assertThat(seen.savepoint()).isEmpty();
    var job = seen.job().orElseThrow();
    assertThat(job.allTasksRunning()).isTrue();
    assertThat(job.tasksRunningSince()).contains(FakeFlink.START.plusSeconds(2));
    assertThat(job.parallelism()).isEqualTo(2);
    assertThat(job.maxParallelism()).isEqualTo(64);
    assertThat(job.bufferTimeoutMillis()).contains(7L);
    assertThat(job.checkpoints()).isEqualTo(FakeFlink.checkpoint(1));
    await().until(() -> told.equals(List.of(KEY)));
  }

  private static Target adaptive(Pace pace) {
    var job = Optional.of(JOB);
    return new Target(1, new Address("jm-1", 8081), job, Optional.empty(), pace, true, false);
  }

  @Test
  void onlyAnAdaptiveSchedulerIsAskedForItsRequirements() {
    poller.watch(KEY, SLOW);
    assertThat(seen(o -> true).scaling()).isEqualTo(ObservedScaling.NONE);
    assertThat(flink.count("requirements")).isZero();
    poller.watch(KEY, adaptive(Pace.SLOW));
    assertThat(seen(o -> !o.scaling().vertices().isEmpty()).scaling().vertices())
        .containsExactly(new ObservedScaling.Vertex(FakeFlink.SOURCE, new Bounds(1, 2), 64));
  }

  @Test
  void theLastLookAtAnEarlierRunIsRemembered() {
    poller.watch(KEY, adaptive(Pace.FAST));
    Instant at = seen(o -> true).at();
    assertThat(seen(o -> o.at().isAfter(at)).scaling().ranUntil()).isEmpty();
    flink.jobs = List.of(FakeFlink.job(JOB, "RESTARTING", 0));
    seen(o -> o.job().orElseThrow().state().equals("RESTARTING"));
    Instant began = FakeFlink.START.plusSeconds(60);
    flink.jobs =
        List.of(
            new JobSummary(
                JOB, "RUNNING", FakeFlink.START, Optional.empty(), Optional.of(began), 2, 2, 0));
    var seen = seen(o -> o.job().orElseThrow().allTasksRunning());
    assertThat(seen.job().orElseThrow().tasksRunningSince()).contains(began);
    assertThat(seen.scaling().ranUntil())
        .hasValueSatisfying(until -> assertThat(until).isBefore(seen.at()));
    Instant until = seen.scaling().ranUntil().orElseThrow();
    assertThat(seen(o -> o.at().isAfter(seen.at())).scaling().ranUntil()).contains(until);
  }

  @Test
  void aGraphThatIsBehindDoesNotHideThatTheRequirementsAreMet() {
    poller.watch(KEY, adaptive(Pace.FAST));
    seen(o -> o.job().filter(j -> j.parallelism() == 2).isPresent());
    flink.requirements = new TreeMap<>(Map.of(FakeFlink.SOURCE, new Bounds(1, 5)));
    seen(o -> o.scaling().vertices().stream().anyMatch(v -> v.bounds().upper() == 5));
    assertThat(poller.latest(KEY).orElseThrow().job().orElseThrow().parallelism()).isEqualTo(2);
    flink.jobs =
        List.of(
            new JobSummary(
                JOB,
                "RUNNING",
                FakeFlink.START,
                Optional.empty(),
                Optional.of(FakeFlink.START),
                5,
                5,
                0));
    seen(o -> o.job().orElseThrow().parallelism() == 5);
  }

  @Test
  void sameThingsAreNotToldAgain() {
    poller.watch(KEY, FAST);
    looks(4);
    assertThat(told).containsExactly(KEY);
    flink.checkpoints = Optional.of(FakeFlink.checkpoint(2));
    await().until(() -> told.size() == 2);
  }

  @Test
  void anEqualTargetStartsNoLook() {
    poller.watch(KEY, SLOW);
    seen(o -> true);
    poller.watch(KEY, target(1, JOB, Pace.SLOW));
    await().during(Duration.ofMillis(400)).until(() -> flink.count("overview") == 1);
  }

  @Test
  void aFasterPaceLooksAtOnceAndKeepsWhatWasSeen() {
    poller.watch(KEY, SLOW);
    var before = seen(o -> true);
    poller.watch(KEY, FAST);
    assertThat(poller.latest(KEY)).isPresent();
    seen(o -> o.at().isAfter(before.at()));
  }

  @Test
  void aChangeOfPaceDuringALookStartsNoSecondLook() {
    var slow = new CompletableFuture<List<JobSummary>>();
    flink.instead.put("overview", () -> slow);
    poller.watch(KEY, SLOW);
    await().until(() -> flink.count("overview") == 1);
    poller.watch(KEY, FAST);
    await().during(Duration.ofMillis(700)).until(() -> flink.count("overview") == 1);
    slow.complete(flink.jobs);
    looks(2);
  }

  @Test
  void anAnswerToAFormerTargetIsNeverTakenForTheNewOne() {
    var late = new CompletableFuture<List<JobSummary>>();
    flink.instead.put("overview", () -> late);
    poller.watch(KEY, SLOW);
    await().until(() -> flink.count("overview") == 1);
    var next = new CompletableFuture<List<JobSummary>>();
    flink.instead.put("overview", () -> next);
    poller.watch(KEY, target(2, "b".repeat(32), Pace.SLOW));
    await().until(() -> flink.count("overview") == 2);
    late.complete(flink.jobs);
    assertThat(poller.latest(KEY)).isEmpty();
    assertThat(flink.count("checkpoints")).isZero();
    next.complete(List.of(FakeFlink.job("b".repeat(32), "CREATED", 0)));
    var seen = seen(o -> true);
    assertThat(seen.epoch()).isEqualTo(2);
    assertThat(seen.job().orElseThrow().id()).isEqualTo("b".repeat(32));
    assertThat(told).containsExactly(KEY);
  }

  @Test
  void anotherEpochJobOrAddressForgetsAtOnce() {
    poller.watch(KEY, SLOW);
    seen(o -> true);
    flink.instead.put("overview", CompletableFuture::new);
    poller.watch(KEY, target(2, JOB, Pace.SLOW));
    assertThat(poller.latest(KEY)).isEmpty();
  }

  @Test
  void aSavepointIsFollowedUntilItsEndAndThenAskedForNoMore() {
    var target = following(FAST, TRIGGER);
    flink.progress = new SavepointProgress.InProgress(TRIGGER);
    poller.watch(KEY, target);
    seen(o -> o.savepoint().equals(Optional.of(flink.progress)));
    flink.progress = new SavepointProgress.Completed(TRIGGER, "s3://b/savepoint");
    seen(o -> o.savepoint().equals(Optional.of(flink.progress)));
    long asked = flink.count("progress " + TRIGGER);
    looks(3);
    assertThat(flink.count("progress " + TRIGGER)).isEqualTo(asked);
    assertThat(poller.latest(KEY).orElseThrow().savepoint()).contains(flink.progress);
  }

  @Test
  void theSavepointOfAFormerTriggerIsForgottenAndItsLateAnswerDropped() {
    flink.progress = new SavepointProgress.Completed(TRIGGER, "s3://b/former");
    poller.watch(KEY, following(SLOW, TRIGGER));
    seen(o -> o.savepoint().isPresent());
    var late = new CompletableFuture<SavepointProgress>();
    String second = "2".repeat(32);
    String third = "3".repeat(32);
    flink.instead.put("progress " + second, () -> late);
    flink.instead.put("progress " + third, CompletableFuture::new);
    poller.watch(KEY, following(SLOW, second));
    assertThat(poller.latest(KEY).orElseThrow().savepoint()).isEmpty();
    await().until(() -> flink.calls.contains("progress " + second));
    poller.watch(KEY, following(SLOW, third));
    await().until(() -> flink.calls.contains("progress " + third));
    late.complete(new SavepointProgress.Completed(second, "s3://b/late"));
    assertThat(poller.latest(KEY).orElseThrow().savepoint()).isEmpty();
  }

  @Test
  void aJobManagerThatIsAwayIsUnreachableUntilItIsBack() {
    flink.fail("overview");
    poller.watch(KEY, FAST);
    var away = seen(o -> !o.reachable());
    assertThat(away.problem()).isEqualTo("gone away");
    assertThat(away.job()).isEmpty();
    looks(3);
    assertThat(told).containsExactly(KEY);
    flink.instead.clear();
    seen(o -> o.job().isPresent());
    await().until(() -> told.size() == 2);
  }

  @Test
  void aPartThatFailsKeepsItsLastValue() {
    poller.watch(KEY, FAST);
    seen(o -> o.job().isPresent());
    flink.fail("checkpoints");
    flink.fail("taskManagers");
    flink.fail("graph");
    looks(3);
    var seen = poller.latest(KEY).orElseThrow();
    assertThat(seen.job().orElseThrow().checkpoints()).isEqualTo(FakeFlink.checkpoint(1));
    assertThat(seen.job().orElseThrow().parallelism()).isEqualTo(2);
    assertThat(seen.taskManagers()).hasSize(1);
    assertThat(told).containsExactly(KEY);
  }

  @Test
  void aForgottenClusterStaysForgottenWhenALateAnswerComes() {
    var late = new CompletableFuture<List<JobSummary>>();
    flink.instead.put("overview", () -> late);
    poller.watch(KEY, FAST);
    await().until(() -> flink.count("overview") == 1);
    poller.forget(KEY);
    late.complete(flink.jobs);
    assertThat(poller.latest(KEY)).isEmpty();
    await().during(Duration.ofMillis(700)).until(() -> flink.count("overview") == 1);
    assertThat(told).isEmpty();
    assertThat(flink.count("checkpoints")).isZero();
  }

  @Test
  void aClusterThatIsForgottenInTheMiddleOfALookIsNotTold() {
    var late = new CompletableFuture<Object>();
    flink.instead.put("checkpoints", () -> late);
    poller.watch(KEY, FAST);
    await().until(() -> flink.count("checkpoints") == 1);
    poller.forget(KEY);
    late.complete(flink.checkpoints);
    assertThat(told).isEmpty();
    assertThat(poller.latest(KEY)).isEmpty();
  }

  @Test
  void noExceptionEndsTheLooking() {
    poller.close();
    poller =
        new FlinkPoller(
            flink,
            Clock.systemUTC(),
            key -> {
              told.add(key);
              throw new IllegalStateException("a listener's fault");
            });
    flink.instead.put(
        "overview",
        () -> {
          throw new IllegalStateException("the port's fault");
        });
    poller.watch(KEY, FAST);
    assertThat(seen(o -> !o.reachable()).problem()).contains("IllegalStateException");
    looks(2);
    flink.instead.clear();
    flink.instead.put(
        "graph",
        () -> {
          throw new IllegalStateException("a fault of the second half");
        });
    looks(2);
    flink.instead.clear();
    seen(o -> o.job().isPresent());
    looks(2);
    assertThat(told).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void aHotLookIsAtMostFiveRequests() {
    flink.progress = new SavepointProgress.InProgress(TRIGGER);
    poller.watch(KEY, following(FAST, TRIGGER));
    looks(3);
    flink.calls.clear();
    looks(4);
    var calls = List.copyOf(flink.calls);
    var one = calls.subList(calls.indexOf("overview"), calls.lastIndexOf("overview"));
    assertThat(one.size()).isLessThanOrEqualTo(5 * 3);
    assertThat(calls).doesNotContain("bufferTimeout", "restarts", "failure", "sourceMetrics");
  }

  /** The first question for metrics in a look makes Flink collect new ones for those after it. */
  @Test
  void theLagIsAskedForBeforeTheGraph() {
    flink.lag = OptionalLong.of(42);
    poller.watch(KEY, FAST);
    await().until(() -> flink.calls.contains("sum"));
    looks(1);
    var calls = List.copyOf(flink.calls);
    int lag = calls.indexOf("sum");
    int begin = calls.subList(0, lag).lastIndexOf("overview");
    int end = lag + calls.subList(lag, calls.size()).indexOf("overview");
    assertThat(calls.subList(begin, lag)).doesNotContain("graph");
    assertThat(calls.subList(lag, end)).contains("graph");
  }

  @Test
  void theThreadsTellOnceWhetherOutputIsFlushedByTime() {
    flink.threads = List.of("source (1/2)#0", "OutputFlusher for source (1/2)#0");
    poller.watch(KEY, FAST);
    var seen = seenInTime(o -> o.job().flatMap(ObservedJob::flushed).isPresent());
    assertThat(seen.job().orElseThrow().ownBufferTimeout()).isFalse();
    assertThat(flink.count("threads")).isEqualTo(1);
  }

  @Test
  void aJobWhoseOwnCodeTurnedThatOffIsToldFromOneWhoseDoesNot() {
    flink.threads = List.of("source (1/2)#0");
    poller.watch(KEY, FAST);
    var seen = seenInTime(o -> o.job().flatMap(ObservedJob::flushed).isPresent());
    assertThat(seen.job().orElseThrow().ownBufferTimeout()).isTrue();
  }

  /** The threads are among the slow parts. */
  private FlinkObservation seenInTime(Predicate<FlinkObservation> wanted) {
    return await().until(() -> poller.latest(KEY), o -> o.filter(wanted).isPresent()).orElseThrow();
  }

  @Test
  void jobsThatNobodyStartedHereAreNamedUnlessTheyHaveEnded() {
    flink.jobs =
        List.of(
            FakeFlink.job("c".repeat(32), "RUNNING", 2),
            FakeFlink.job(JOB, "RUNNING", 2),
            FakeFlink.job("b".repeat(32), "SUSPENDED", 2),
            FakeFlink.job("d".repeat(32), "FINISHED", 0));
    poller.watch(KEY, SLOW);
    assertThat(seen(o -> true).strangeJobs()).containsExactly("b".repeat(32), "c".repeat(32));
  }

  @Test
  void inASessionClusterNoJobIsStrange() {
    poller.watch(KEY, new Target(1, SLOW.address(), Optional.empty(), Optional.empty(), Pace.SLOW));
    var seen = seen(o -> true);
    assertThat(seen.strangeJobs()).isEmpty();
    assertThat(seen.job()).isEmpty();
    assertThat(seen.taskManagers()).hasSize(1);
  }

  private static Target tellsOfApplications() {
    return new Target(
        1, SLOW.address(), Optional.of(JOB), Optional.empty(), Pace.FAST, false, true);
  }

  @Test
  void anApplicationThatEndedWithoutAJobIsToldWhereThereIsStillNoneAfterwards() {
    flink.jobs = List.of();
    poller.watch(KEY, tellsOfApplications());
    assertThat(seen(o -> true).application()).isEmpty();
    flink.applications = List.of(new ApplicationSummary("e".repeat(32), "FAILED", 0));
    assertThat(seen(o -> o.application().isPresent()).application())
        .contains(new ObservedApplication("FAILED", 0, Optional.of("no such mode")));
    flink.jobs = List.of(FakeFlink.job(JOB, "RUNNING", 2));
    seen(o -> o.job().isPresent() && o.application().isEmpty());
  }

  @Test
  void anApplicationWithAJobIsOnlyAskedWhyTheJobWasCancelled() {
    flink.applications = List.of(new ApplicationSummary("e".repeat(32), "FAILED", 1));
    poller.watch(KEY, tellsOfApplications());
    seen(o -> true);
    assertThat(flink.count("applications")).isZero();
    flink.jobs = List.of(FakeFlink.job(JOB, "CANCELED", 0));
    assertThat(seen(o -> o.job().flatMap(ObservedJob::failure).isPresent()).job())
        .hasValueSatisfying(job -> assertThat(job.failure()).contains("no such mode"));
    flink.jobs = List.of();
    assertThat(seen(o -> o.job().isEmpty()).application()).as("forgotten, not missing").isEmpty();
  }

  @Test
  void beforeFlinkTellsOfApplicationsNobodyIsAsked() {
    flink.jobs = List.of();
    poller.watch(KEY, FAST);
    looks(2);
    assertThat(flink.count("applications")).isZero();
  }

  @Test
  void aRestartingJobTellsItsFailureAndHasNoMomentOfRunning() {
    flink.jobs = List.of(FakeFlink.job(JOB, "RESTARTING", 1));
    poller.watch(KEY, FAST);
    ObservedJob job =
        seen(o -> o.job().flatMap(ObservedJob::failure).isPresent()).job().orElseThrow();
    assertThat(job.failure()).contains("out of luck");
    assertThat(job.tasksRunningSince()).isEmpty();
    flink.jobs = List.of(FakeFlink.job(JOB, "RUNNING", 2));
    seen(o -> o.job().flatMap(ObservedJob::tasksRunningSince).isPresent());
  }

  @Test
  void aFailureThatIsNotToldYetIsAskedForAgainAtOnce() {
    flink.instead.put("failure", () -> CompletableFuture.completedFuture(Optional.empty()));
    flink.jobs = List.of(FakeFlink.job(JOB, "FAILED", 0));
    poller.watch(KEY, FAST);
    await().atMost(Duration.ofSeconds(4)).until(() -> flink.count("failure") >= 4);
    flink.instead.remove("failure");
    assertThat(seen(o -> o.job().flatMap(ObservedJob::failure).isPresent())).isNotNull();
  }

  @Test
  void aFinishedTaskDoesNotMoveTheMomentOfRunning() {
    poller.watch(KEY, FAST);
    seen(o -> true);
    var later = Optional.of(FakeFlink.START.plusSeconds(90));
    flink.jobs =
        List.of(new JobSummary(JOB, "RUNNING", FakeFlink.START, Optional.empty(), later, 2, 1, 1));
    looks(3);
    var job = poller.latest(KEY).orElseThrow().job().orElseThrow();
    assertThat(job.allTasksRunning()).isTrue();
    assertThat(job.tasksRunningSince()).contains(FakeFlink.START.plusSeconds(2));
  }

  @Test
  void theLagOfTheSourcesIsSeenAsSoonAsTheGraphIsKnown() {
    flink.lag = OptionalLong.of(42);
    poller.watch(KEY, FAST);
    assertThat(seen(o -> o.job().flatMap(ObservedJob::sourceLag).isPresent()).job().orElseThrow())
        .extracting(ObservedJob::sourceLag)
        .isEqualTo(Optional.of(42L));
  }

  @Test
  void aClosedPollerLooksNoMore() {
    poller.watch(KEY, FAST);
    looks(2);
    poller.close();
    assertThat(poller.latest(KEY)).isEmpty();
    poller.watch(KEY, SLOW);
    long before = flink.count("overview");
    await().during(Duration.ofMillis(700)).until(() -> flink.count("overview") <= before + 1);
  }
}
