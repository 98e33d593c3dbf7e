package io.flinkcluster.operator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkcluster.operator.judge.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults that the campaign has found, each in the sequence in which it was found. */
@ExtendWith(Quiet.class)
class FoundTest {
  private static Lifecycle upgrade() {
    return Mutants.lifecycle("upgrade with savepoint");
  }

  private static World savepointWithoutCheckpoint() {
    var world = new World();
    world.flink.checkpointing = false;
    world.beginOperator();
    world.create(Lifecycle.C, SampleCluster.STATEFUL);
    world.pass(20_000);
    world.annotate(Lifecycle.C, "savepoint", "one");
    return world;
  }

  /** The second start comes up, and nothing was wrong on the way. */
  private static void runsAgain(World world) {
    assertThat(
            world.converge(Lifecycle.C, () -> Lifecycle.at(world) == 2 && world.ready(Lifecycle.C)))
        .isTrue();
    assertThat(world.judge().violations()).isEmpty();
  }

  private static void beginsFromTheSavepointOnceItsJobManagerIsLost(World world) {
    world.flink.checkpointing = true;
    CrashPoints.FAULTS.get("the JobManager's container ends").accept(world);
    runsAgain(world);
    assertThat(world.job(Lifecycle.C).orElseThrow().restored.orElseThrow())
        .contains("/savepoints/");
  }

  /**
   * Before the TaskManagers of the next start are made the leader stands still; another brings the
   * change to its end. The first one's caches have caught up when it goes on: what it does not know
   * from when it decided it must not take for a leftover.
   */
  @Test
  void aLeaderThatStoodStillRemovesNothingThatItsSuccessorMade() {
    Trial trial =
        CrashPoints.run(new CrashPoints.Point(upgrade(), 3, "frozen while another takes over"));
    assertThat(trial.wrong()).isEmpty();
    assertThat(Lifecycle.at(trial.world)).isEqualTo(2);
  }

  /**
   * A savepoint is taken of a job that has completed no checkpoint yet, and its JobManager is lost:
   * there is no other state to go on from.
   */
  @Test
  void aSavepointOfAJobWithoutCheckpointsIsItsState() {
    World world = savepointWithoutCheckpoint();
    world.pass(5_000);
    beginsFromTheSavepointOnceItsJobManagerIsLost(world);
  }

  /**
   * The job fails over after the savepoint, and Flink begins again without it, as it does: what was
   * prepared to be committed with the savepoint is aborted.
   */
  @Test
  void aSavepointBehindWhichFlinkWentBackIsNotRestored() {
    World world = savepointWithoutCheckpoint();
    world.pass(5_000);
    CrashPoints.FAULTS.get("the job fails over").accept(world);
    world.pass(10_000);
    world.flink.checkpointing = true;
    CrashPoints.FAULTS.get("the JobManager's container ends").accept(world);
    runsAgain(world);
    assertThat(world.job(Lifecycle.C).orElseThrow().restored).isEmpty();
  }

  /** The same with high availability: another process goes on, from the checkpoint before it. */
  @Test
  void aSavepointBehindWhichAnotherProcessWentBackIsNotRestored() {
    var world = new World();
    world.beginOperator();
    Lifecycle.running(SampleCluster.STATEFUL + "highAvailability: {enabled: true}\n").accept(world);
    world.spec(Lifecycle.C, "job: {upgradeMode: LastCheckpoint}");
    world.pass(5_000);
    world.annotate(Lifecycle.C, "savepoint", "one");
    world.pass(3_000);
    CrashPoints.FAULTS.get("the JobManager's container ends").accept(world);
    world.pass(4_000);
    world.annotate(Lifecycle.C, "restart", "now");
    runsAgain(world);
  }

  /** The same, and then it is suspended: its stop savepoint lies before the one of the user. */
  @Test
  void theLastSavepointOfAJobThatWentBackIsItsState() {
    World world = savepointWithoutCheckpoint();
    world.pass(15_000);
    CrashPoints.FAULTS.get("the job fails over").accept(world);
    world.spec(Lifecycle.C, "suspend: true");
    assertThat(world.converge(Lifecycle.C, () -> Lifecycle.asWanted(world))).isTrue();
    assertThat(world.judge().violations()).isEmpty();
  }

  /** The same, and nobody has heard that the savepoint is complete. */
  @Test
  void aSavepointThatNobodyHasConfirmedIsLookedForWhereThereIsNoCheckpoint() {
    World world = savepointWithoutCheckpoint();
    world.pass(1_000);
    world.flink.jobManagers().forEach(j -> j.rest = SimulatedJobManager.Rest.HANGS);
    world.pass(3_000);
    beginsFromTheSavepointOnceItsJobManagerIsLost(world);
  }

  /** The job takes another size, and so its tasks are started again, when it is to be suspended. */
  @Test
  void aSavepointThatFailsAsTheJobRestartsIsTriedAgain() {
    Lifecycle rescale = Mutants.lifecycle("rescale in place, up");
    Trial trial = CrashPoints.run(new CrashPoints.Point(rescale, 9, "suspend"));
    assertThat(trial.wrong()).isEmpty();
    assertThat(trial.world.settled(Lifecycle.C, "Suspended")).isTrue();
  }

  /** The job has failed since it was looked at last, and is to be suspended. */
  @Test
  void aJobThatHasFailedIsSuspendedWithItsNewestCheckpoint() {
    Lifecycle failed = Mutants.lifecycle("FAILED job restarted");
    Trial trial = CrashPoints.run(new CrashPoints.Point(failed, 5, "suspend"));
    assertThat(trial.wrong()).isEmpty();
    assertThat(trial.world.settled(Lifecycle.C, "Suspended")).isTrue();
  }

  /** The JobManager completes the savepoint while it is ending, and the cluster is deleted then. */
  @Test
  void aSavepointThatNobodyHasConfirmedIsNamedToWhoComesAfter() {
    var world = new World();
    world.beginOperator();
    Lifecycle.running(SampleCluster.STATEFUL).accept(world);
    world.spec(Lifecycle.C, "suspend: true");
    world.pass(1_900);
    CrashPoints.FAULTS.get("the JobManager's pod is deleted").accept(world);
    assertThat(world.converge(Lifecycle.C, () -> Lifecycle.asWanted(world))).isTrue();
    world.delete(Lifecycle.C);
    assertThat(world.converge(Lifecycle.C, () -> world.gone(Lifecycle.C))).isTrue();
    assertThat(world.judge().violations()).isEmpty();
    var memory = world.api.get("configmaps", World.NAMESPACE, Lifecycle.C + "-final-savepoint");
    assertThat(memory.orElseThrow().at("/data/note").asText()).contains("unless a newer snapshot");
  }

  /** The same, where it was lost before anything was asked of it. */
  @Test
  void aCheckpointThatNobodySawIsNamedToWhoComesAfter() {
    var world = new World();
    world.beginOperator();
    Lifecycle.running(SampleCluster.STATEFUL).accept(world);
    world.pass(60_000);
    CrashPoints.FAULTS.get("the JobManager's pod is deleted").accept(world);
    world.pass(1_500);
    world.spec(Lifecycle.C, "suspend: true");
    assertThat(world.converge(Lifecycle.C, () -> Lifecycle.asWanted(world))).isTrue();
    world.delete(Lifecycle.C);
    assertThat(world.converge(Lifecycle.C, () -> world.gone(Lifecycle.C))).isTrue();
    assertThat(world.judge().violations()).isEmpty();
    JsonNode left =
        world
            .api
            .get("configmaps", World.NAMESPACE, Lifecycle.C + "-final-savepoint")
            .orElseThrow();
    assertThat(left.at("/data/note").asText()).contains("unless a newer snapshot", "/checkpoints/");
    assertThat(left.at("/data/searchDirectories").asText()).contains("/checkpoints/");
  }

  /** Nothing but the last valid spec says how many TaskManagers a session cluster has. */
  @Test
  void aSpecThatIsRefusedLeavesASessionClusterAtItsSize() {
    var world = new World();
    world.beginOperator();
    Mutants.lifecycle("session cluster, scale").prepare().accept(world);
    world.spec(Lifecycle.C, "taskManager: {replicas: 2}");
    world.pass(60_000);
    world.spec(Lifecycle.C, "flinkConfiguration: {rest.port: \"1\"}", false);
    world.pass(60_000);
    assertThat(world.kubernetes.pods(world.uid(Lifecycle.C), "taskmanager")).hasSize(2);
    assertThat(world.judge().violations()).isEmpty();
  }

  /** Somebody else writes all the time, or the API server says so. */
  @Test
  void aConflictThatGoesOnIsNotMetAgainTenTimesASecond() {
    var world = new World();
    world.beginOperator();
    upgrade().prepare().accept(world);
    OperatorProcess operator = world.operator();
    operator.interfere(call -> call.writes() ? Fate.CONFLICT : Fate.PASSES);
    long before = operator.passes();
    upgrade().act().accept(world);
    world.pass(30_000);
    assertThat(operator.passes() - before).isLessThan(30);
    operator.interfere(Interference.NONE);
    assertThat(world.converge(Lifecycle.C, () -> upgrade().end().test(world))).isTrue();
    assertThat(world.judge().violations()).isEmpty();
  }

  /**
   * A change is given up for a spec that is refused: what it had prepared is taken back. When the
   * job was asked for its new size already, the pod that it can do without is marked first.
   */
  @ParameterizedTest
  @ValueSource(longs = {300, 1_914})
  void whatAChangeHadPreparedIsTakenBack(long millis) {
    var world = new World();
    world.beginOperator();
    Lifecycle.running(SampleCluster.STATEFUL + "rescale: {mode: InPlace}\n").accept(world);
    world.spec(Lifecycle.C, "{job: {parallelism: 2}, taskManager: {replicas: 2}}");
    world.pass(millis);
    world.spec(Lifecycle.C, "flinkConfiguration: {rest.port: \"1\"}", false);
    world.pass(20_000);
    assertThat(world.judge().violations()).isEmpty();
    assertThat(world.kubernetes.pods(world.uid(Lifecycle.C), "taskmanager")).hasSize(1);
  }

  /**
   * A savepoint that was asked for is all that is newer than the one that the job began from when
   * its JobManager is lost, and no job has begun from it when the cluster is suspended.
   */
  @Test
  void aSavepointThatWasAskedForIsKeptAlsoWhereNoJobBeganFromIt() {
    var world = new World();
    world.beginOperator();
    Lifecycle.running(SampleCluster.STATEFUL).accept(world);
    world.annotate(Lifecycle.C, "restart", "one");
    assertThat(
            world.until(
                () -> Lifecycle.at(world) == 2 && world.settled(Lifecycle.C, "Running"), 20_000))
        .isTrue();
    String began = restorePoint(world);
    world.annotate(Lifecycle.C, "savepoint", "one");
    assertThat(world.until(() -> !restorePoint(world).equals(began), 20_000)).isTrue();
    String savepoint = restorePoint(world);
    CrashPoints.FAULTS.get("the JobManager's pod is deleted").accept(world);
    assertThat(world.until(() -> Lifecycle.at(world) == 3, 20_000)).isTrue();
    world.spec(Lifecycle.C, "suspend: true");
    assertThat(world.converge(Lifecycle.C, () -> world.settled(Lifecycle.C, "Suspended"))).isTrue();
    assertThat(restorePoint(world)).isEqualTo(savepoint);
    assertThat(world.judge().violations()).isEmpty();
  }

  private static long snapshots(World world) {
    return world.history.events().stream().filter(Event.SnapshotTaken.class::isInstance).count();
  }

  private static String restorePoint(World world) {
    return world.status(Lifecycle.C).map(s -> s.at("/restorePoint/path").asText()).orElse("");
  }

  /**
   * The pod that removed the recovery data of a deleted cluster is not left behind, and a savepoint
   * that is not deleted at once says why.
   */
  @ParameterizedTest
  @CsvSource({
    "delete with high availability, get pods",
    "delete with high availability, delete pods",
    "'savepoints by schedule, with retention', flink dispose"
  })
  void whatDoesNotArriveIsDoneAgain(String name, String call) {
    Lifecycle lifecycle = Mutants.lifecycle(name);
    Trial undisturbed = Trial.undisturbed(lifecycle);
    int number = undisturbed.calls.stream().map(Interference.Call::what).toList().indexOf(call) + 1;
    assertThat(number).isPositive();
    Trial trial = CrashPoints.run(new CrashPoints.Point(lifecycle, number, "not sent"));
    assertThat(trial.wrong()).isEmpty();
    assertThat(trial.end()).isEqualTo(undisturbed.end());
  }

  /**
   * With high availability another JobManager takes over, and the job is cancelled before it has
   * restored the newest checkpoint, which nobody had seen.
   */
  @ParameterizedTest
  @ValueSource(longs = {500, 1_800, 2_540, 3_500})
  void aJobThatIsCancelledBeforeItHasRestoredLeavesItsNewestCheckpointToBeLookedFor(long millis) {
    var world = new World();
    world.beginOperator();
    Lifecycle.running(
            SampleCluster.with("highAvailability: {enabled: true}")
                .replace("parallelism: 1", "parallelism: 1, upgradeMode: LastCheckpoint"))
        .accept(world);
    long seen = snapshots(world);
    assertThat(world.until(() -> snapshots(world) > seen, 60_000)).isTrue();
    CrashPoints.FAULTS.get("the JobManager's node is gone").accept(world);
    world.pass(millis);
    world.spec(Lifecycle.C, "suspend: true");
    assertThat(world.converge(Lifecycle.C, () -> world.settled(Lifecycle.C, "Suspended"))).isTrue();
    assertThat(world.judge().violations()).isEmpty();
  }

  /**
   * The job fails for good while its savepoint is written, and Flink goes on saying that it writes
   * it. When the deadline has passed the change is rolled back, and that start looks for it.
   */
  @ParameterizedTest
  @ValueSource(strings = {"upgrade with savepoint", "upgrade with high availability"})
  void aSavepointThatIsLeftOpenByAJobThatHasFailedIsNotWaitedForForEver(String name) {
    var world = new World();
    world.flink.savepoints = SimulatedFlink.Savepoints.HANG;
    world.beginOperator();
    failsInItsSavepoint(world, Mutants.lifecycle(name));
    world.flink.savepoints = SimulatedFlink.Savepoints.COMPLETE;
    assertThat(world.converge(Lifecycle.C, () -> world.settled(Lifecycle.C, "Running"))).isTrue();
    assertThat(world.judge().violations()).isEmpty();
  }

  /** The same of one that is asked for while the job goes on: its operation ends. */
  @Test
  void soIsOneOfAJobThatWasToGoOn() {
    var world = new World();
    world.flink.savepoints = SimulatedFlink.Savepoints.HANG;
    world.beginOperator();
    failsInItsSavepoint(world, Mutants.lifecycle("savepoint by token"));
    assertThat(
            world.converge(
                Lifecycle.C,
                () ->
                    world
                        .status(Lifecycle.C)
                        .orElseThrow()
                        .at("/operations/0/type")
                        .asText()
                        .equals("Savepoint")))
        .isTrue();
    assertThat(world.status(Lifecycle.C).orElseThrow().at("/operations/0/result").asText())
        .isEqualTo("Failed");
  }

  private static void failsInItsSavepoint(World world, Lifecycle lifecycle) {
    lifecycle.prepare().accept(world);
    world.flink.leavesSavepointsOpen = true;
    lifecycle.act().accept(world);
    assertThat(
            world.until(
                () -> world.job(Lifecycle.C).filter(j -> !j.requests.isEmpty()).isPresent(),
                60_000))
        .isTrue();
    world.fault("the job fails");
    world.flink.fail(world.job(Lifecycle.C).orElseThrow(), "java.lang.IllegalStateException: no");
  }

  /** The job runs on after each savepoint that is to stop it, until the change is given up. */
  @Test
  void whatIsTriedAgainAndAgainDoesNotFillTheStatus() {
    var world = new World();
    world.flink.savepoints = SimulatedFlink.Savepoints.RUN_ON;
    world.beginOperator();
    upgrade().prepare().accept(world);
    upgrade().act().accept(world);
    world.pass(90_000);
    assertThat(world.status(Lifecycle.C).orElseThrow().at("/operation/steps"))
        .hasSizeBetween(20, 24);
  }
}
