package io.flinkcluster.operator.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A job in one JobManager process. */
final class SimulatedJob {
  private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

  /** A request for a savepoint, as the process remembers it. */
  static final class Request {
    final String trigger;
    final boolean stop;
    Optional<String> location = Optional.empty();
    Optional<String> failure = Optional.empty();
    Optional<String> written = Optional.empty();

    Request(String trigger, boolean stop) {
      this.trigger = trigger;
      this.stop = stop;
    }

    boolean done() {
      return location.isPresent() || failure.isPresent();
    }
  }

  final String id;
  final SimulatedJobManager process;
  final boolean adaptive;
  final long startedAt;
  final Map<String, Request> requests = new LinkedHashMap<>();
  final List<SimulatedStorage.Snapshot> checkpoints = new ArrayList<>();
  Optional<String> restored;
  Optional<String> lastSavepoint = Optional.empty();

  /** Whether that was taken to stop the job. */
  boolean lastSavepointStops;

  Optional<String> failure = Optional.empty();
  String state = "CREATED";
  int parallelism;
  int wanted;
  int slotsUsed;
  long restarts;
  long endedAt = -1;

  /** The savepoint that stops it is complete, and its tasks end. */
  boolean ends;

  long changedAt;
  long number;
  double progress;
  long runningSince = -1;
  String run = "";

  SimulatedJob(String id, SimulatedJobManager process, long now, Optional<String> restored) {
    this.id = id;
    this.process = process;
    this.startedAt = now;
    this.changedAt = now;
    this.restored = restored;
    this.adaptive = process.option("jobmanager.scheduler", "").equalsIgnoreCase("adaptive");
    this.parallelism = Integer.parseInt(process.option("parallelism.default", "1"));
    this.wanted = parallelism;
  }

  boolean ended() {
    return ENDED.contains(state);
  }

  boolean running() {
    return state.equals("RUNNING");
  }

  double progress(long now) {
    return runningSince < 0 ? progress : progress + (now - runningSince) / 1000.0;
  }

  /** From the request on Flink takes no checkpoint any more, until the job ends or runs on. */
  boolean stopping() {
    return ends || requests.values().stream().anyMatch(r -> r.stop && !r.done());
  }
}
