package io.flinkcluster.operator.testcluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One run of a job in one JobManager. Guarded by its {@link FakeCluster}. */
final class FakeJob {
  private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

  /** A savepoint request: what came of it, by trigger id. */
  static final class Savepoint {
    final String triggerId;
    final boolean stop;
    Optional<String> location = Optional.empty();
    Optional<String> failure = Optional.empty();

    Savepoint(String triggerId, boolean stop) {
      this.triggerId = triggerId;
      this.stop = stop;
    }

    boolean done() {
      return location.isPresent() || failure.isPresent();
    }
  }

  /** A request to delete a savepoint. */
  static final class Disposal {
    final String path;
    boolean done;
    Optional<String> failure = Optional.empty();

    Disposal(String path) {
      this.path = path;
    }
  }

  final String id;

  private final FlinkProcess process;
  private final FlinkWitness witness;

  /** Of its tasks; empty: they do not run. */
  String run = "";

  private int runs;

  /** Whether the adaptive scheduler runs it. */
  final boolean adaptive;

  /** What it is to have; only the adaptive scheduler changes it. */
  int wanted;

  /** What it runs with, or was started with. */
  int parallelism;

  final int maxParallelism;
  Optional<FakeCluster.Snapshot> restored;
  final long startedAt = System.currentTimeMillis();
  final List<FakeCluster.Snapshot> checkpoints = new ArrayList<>();
  final Map<String, Savepoint> savepoints = new LinkedHashMap<>();
  Optional<FakeCluster.Snapshot> lastSavepoint = Optional.empty();

  /** Whether that was taken to stop the job. */
  boolean lastSavepointStops;

  Optional<String> lastFailure = Optional.empty();
  String state = "CREATED";
  long endedAt = -1;
  long changedAt = startedAt;
  long failedCheckpoints;
  int restarts;
  int rescales;
  long position;

  FakeJob(
      String id,
      FlinkProcess process,
      Optional<FakeCluster.Snapshot> restored,
      FlinkWitness witness) {
    this.id = id;
    this.process = process;
    this.witness = witness;
    this.adaptive =
        process.options().getOrDefault("jobmanager.scheduler", "").equalsIgnoreCase("adaptive");
    this.parallelism = process.number("parallelism.default", 1);
    this.wanted = parallelism;
    this.maxParallelism = process.number("pipeline.max-parallelism", 128);
    this.restored = restored;
    this.position = restored.map(FakeCluster.Snapshot::position).orElse(0L);
  }

  boolean ended() {
    return ENDED.contains(state);
  }

  boolean running() {
    return state.equals("RUNNING");
  }

  void enter(String next) {
    if (state.equals(next) || ended()) {
      return;
    }
    endRun(next);
    state = next;
    changedAt = System.currentTimeMillis();
    if (running()) {
      beginRun();
    }
    if (ended()) {
      endedAt = changedAt;
    }
  }

  /** Its tasks do not run any more. */
  void endRun(String next) {
    if (!run.isEmpty()) {
      witness.runEnded(run, next);
      run = "";
    }
  }

  /** From its newest checkpoint; the first from what the job restored. */
  private void beginRun() {
    run = process.uid() + "/" + id + "/" + ++runs;
    var from =
        checkpoints.isEmpty() ? restored : Optional.of(checkpoints.get(checkpoints.size() - 1));
    witness.runBegan(
        run,
        process.uid(),
        process.owner(),
        process.epoch(),
        id,
        from.map(FakeCluster.Snapshot::path).orElse(""));
  }

  /** Restarts its tasks with another parallelism, from its newest checkpoint. */
  void rescale(int tasks) {
    endRun("RESTARTING");
    parallelism = tasks;
    if (!checkpoints.isEmpty()) {
      restored = Optional.of(checkpoints.get(checkpoints.size() - 1));
      position = restored.get().position();
    }
    changedAt = Math.max(System.currentTimeMillis(), changedAt + 1);
    rescales++;
    beginRun();
  }

  void fail(String message) {
    lastFailure = Optional.of(message);
    enter("FAILED");
  }
}
