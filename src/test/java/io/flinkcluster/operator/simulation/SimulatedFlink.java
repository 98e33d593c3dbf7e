package io.flinkcluster.operator.simulation;

import io.flinkcluster.operator.judge.Event;
import io.flinkcluster.operator.judge.History;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/** JobManagers, their jobs and TaskManagers. */
final class SimulatedFlink {
  /** What becomes of savepoints that are asked for from now on. */
  enum Savepoints {
    COMPLETE,
    /** Flink says that it failed; the job goes on. */
    FAIL,
    /** It never ends. */
    HANG,
    /** It is complete, and the JobManager is lost before it tells. */
    WRITTEN_THEN_LOST,
    /** The JobManager is lost before it is complete. */
    LOST,
    /** It is complete, and the job fails over instead of ending: told as complete. */
    RUN_ON,
    /** The same, told as Flink does, as a failure that names the path. */
    RUN_ON_TOLD,
    /** It is complete, and the job fails for good while it stops. */
    FAIL_WHILE_STOPPING
  }

  /** A TaskManager process. */
  record TaskManager(String podUid, String pod, String clusterUid, long epoch, int slots) {}

  private final SimulatedTime time;
  private final History history;
  private final SimulatedStorage storage;
  private final SimulatedCluster kubernetes;
  private final Map<String, SimulatedJobManager> jobManagers = new LinkedHashMap<>();
  private final Map<String, TaskManager> taskManagers = new LinkedHashMap<>();
  private final Map<String, String> ended = new HashMap<>();
  private long processes;
  private long runs;

  /** A savepoint whose job has ended is told for ever as one that is being written. */
  boolean leavesSavepointsOpen;

  Savepoints savepoints = Savepoints.COMPLETE;
  long savepointsTake = 2_000;
  long endsTake = 300;
  boolean checkpointing = true;
  boolean disposalsFail;
  boolean refusesRequirements;
  SimulatedJobManager.Rest restOfNew = SimulatedJobManager.Rest.ANSWERS;

  /** Jobs of these starts fail when they restore. */
  LongPredicate unfit = e -> false;

  SimulatedFlink(
      SimulatedTime time, History history, SimulatedStorage storage, SimulatedCluster kubernetes) {
    this.time = time;
    this.history = history;
    this.storage = storage;
    this.kubernetes = kubernetes;
  }

  List<SimulatedJobManager> jobManagers() {
    return List.copyOf(jobManagers.values());
  }

  Optional<SimulatedJobManager> at(String ip) {
    return jobManagers.values().stream().filter(j -> j.ip.equals(ip)).findFirst();
  }

  /** The job of a cluster that has not ended; empty: none. */
  Optional<SimulatedJob> job(String clusterUid) {
    return jobManagers.values().stream()
        .filter(j -> j.clusterUid.equals(clusterUid))
        .flatMap(j -> j.job.stream())
        .reduce((a, b) -> b);
  }

  // --- processes ---

  /** The container of a JobManager pod runs Flink; what was restored the start script has said. */
  void began(
      String podUid,
      String ip,
      String namespace,
      String cluster,
      String clusterUid,
      long epoch,
      List<String> args,
      Map<String, String> options,
      Optional<String> restore) {
    var process =
        new SimulatedJobManager(
            "process-" + ++processes,
            podUid,
            ip,
            namespace,
            cluster,
            clusterUid,
            epoch,
            args,
            options);
    process.rest = restOfNew;
    jobManagers.put(podUid, process);
    history.add(new Event.ProcessBegan(time.now(), process.id, podUid, clusterUid, epoch));
    if (process.application) {
      time.after(1_000, () -> submit(process, restore));
    }
  }

  private void submit(SimulatedJobManager process, Optional<String> restore) {
    if (!process.alive) {
      return;
    }
    String id = process.jobId.orElse("0".repeat(32));
    if (process.highlyAvailable() && ended.containsKey(id)) {
      return; // the store of the results of jobs
    }
    var path = recovery(process, id).or(() -> restore);
    var job = new SimulatedJob(id, process, time.now(), path);
    process.job = Optional.of(job);
    if (process.highlyAvailable()) {
      kubernetes.highAvailability(process, id);
    }
    var from = path.flatMap(storage::read);
    from.ifPresent(
        snapshot -> {
          job.number = snapshot.number();
          job.progress = snapshot.progress();
        });
    if (storage.denies || (path.isPresent() && from.isEmpty())) {
      fail(job, "java.io.FileNotFoundException: Cannot find checkpoint or savepoint " + path);
      return;
    }
    if (unfit.test(process.epoch)) {
      fail(job, "java.lang.IllegalStateException: Cannot map checkpoint/savepoint state");
      return;
    }
    advance(process);
  }

  /** With high availability a job goes on from its own newest checkpoint. */
  private Optional<String> recovery(SimulatedJobManager process, String id) {
    return process.highlyAvailable() && kubernetes.hasHighAvailability(process, id)
        ? storage.in(process.checkpoints()).stream()
            .filter(s -> !s.savepoint())
            .reduce((a, b) -> a.number() > b.number() ? a : b)
            .map(SimulatedStorage.Snapshot::path)
        : Optional.empty();
  }

  void began(TaskManager taskManager) {
    taskManagers.put(taskManager.podUid(), taskManager);
    jobManagers.values().forEach(this::advance);
  }

  /** A process has ended, whatever it was. */
  void ended(String podUid) {
    SimulatedJobManager process = jobManagers.remove(podUid);
    if (process != null) {
      process.alive = false;
      process.job.ifPresent(job -> lost(job));
      history.add(new Event.ProcessEnded(time.now(), process.id));
    }
    if (taskManagers.remove(podUid) != null) {
      jobManagers.values().forEach(this::advance);
    }
  }

  private void lost(SimulatedJob job) {
    endRun(job, "LOST");
    job.requests.values().stream()
        .filter(r -> !r.done())
        .forEach(r -> history.add(new Event.SavepointEnded(time.now(), r.trigger, "lost")));
    job.requests.values().stream()
        .filter(r -> r.stop && r.done())
        .forEach(r -> history.add(new Event.SavepointEnded(time.now(), r.trigger, "lost")));
  }

  // --- jobs ---

  List<TaskManager> taskManagers(SimulatedJobManager process) {
    return taskManagers.values().stream()
        .filter(t -> t.clusterUid().equals(process.clusterUid) && t.epoch() == process.epoch)
        .toList();
  }

  int slots(SimulatedJobManager process) {
    return taskManagers(process).stream().mapToInt(TaskManager::slots).sum();
  }

  private void advance(SimulatedJobManager process) {
    SimulatedJob job = process.job.orElse(null);
    if (job == null || job.ended() || !process.alive) {
      return;
    }
    int slots = slots(process);
    int tasks = job.adaptive ? Math.min(job.wanted, slots) : job.parallelism;
    boolean enough = tasks > 0 && slots >= tasks;
    if (job.running()) {
      if (!enough) {
        failOver(job, "a TaskManager is lost");
      } else if (tasks != job.parallelism) {
        failOver(job, "");
      }
    } else if (enough) {
      String state = job.state;
      time.after(500, () -> run(job, state));
    }
  }

  private void run(SimulatedJob job, String from) {
    if (!job.state.equals(from) || !job.process.alive || job.ended() || job.running()) {
      return;
    }
    int slots = slots(job.process);
    int tasks = job.adaptive ? Math.min(job.wanted, slots) : job.parallelism;
    if (tasks == 0 || slots < tasks) {
      return;
    }
    job.parallelism = tasks;
    enter(job, "RUNNING");
    job.runningSince = time.now();
    job.run = "run-" + ++runs;
    history.add(
        new Event.RunBegan(
            time.now(),
            job.run,
            job.process.id,
            job.process.clusterUid,
            job.process.epoch,
            job.id,
            job.restored.orElse("")));
    if (job.process.checkpointed()) {
      plan(job, job.run);
    }
  }

  private void plan(SimulatedJob job, String run) {
    time.after(
        job.process.interval(),
        () -> {
          if (job.process.alive && job.running() && job.run.equals(run)) {
            if (checkpointing && !job.stopping() && !storage.denies) {
              checkpoint(job);
            }
            plan(job, run);
          }
        });
  }

  /** The job completes a checkpoint now. */
  void checkpoint(SimulatedJob job) {
    var snapshot =
        new SimulatedStorage.Snapshot(
            job.process.checkpoints() + "/chk-" + ++job.number,
            false,
            job.id,
            job.number,
            job.progress(time.now()));
    write(job, snapshot, false);
    job.checkpoints.add(snapshot);
  }

  private void write(SimulatedJob job, SimulatedStorage.Snapshot snapshot, boolean stop) {
    storage.write(snapshot, job.run, job.process.clusterUid, job.process.epoch, stop);
  }

  private void enter(SimulatedJob job, String state) {
    job.state = state;
    job.changedAt = Math.max(time.now(), job.changedAt + 1);
    if (job.ended()) {
      job.endedAt = job.changedAt;
      ended.put(job.id, state);
      if (job.process.highlyAvailable()) {
        kubernetes.removeHighAvailability(job.process);
      }
    }
  }

  private void endRun(SimulatedJob job, String state) {
    if (job.running()) {
      job.progress = job.progress(time.now());
      history.add(new Event.RunEnded(time.now(), job.run, state));
    }
    job.runningSince = -1;
  }

  /** The job restarts its tasks from its newest checkpoint. */
  void failOver(SimulatedJob job, String why) {
    endRun(job, "RESTARTING");
    job.restarts++;
    if (!why.isEmpty()) {
      job.failure = Optional.of("org.apache.flink.runtime.JobException: " + why);
    }
    giveUpAll(job, "the job has failed over");
    if (!job.checkpoints.isEmpty()) {
      job.restored = Optional.of(job.checkpoints.get(job.checkpoints.size() - 1).path());
    }
    var from = job.restored.flatMap(storage::read);
    job.progress = from.map(SimulatedStorage.Snapshot::progress).orElse(0.0);
    enter(job, "RESTARTING");
    time.after(500, () -> advance(job.process));
  }

  void fail(SimulatedJob job, String why) {
    endRun(job, "FAILED");
    giveUpAll(job, "the job has failed");
    job.failure = Optional.of(why);
    enter(job, "FAILED");
  }

  /** The job comes to its own end. */
  void finish(SimulatedJob job) {
    endRun(job, "FINISHED");
    giveUpAll(job, "the job has finished");
    history.add(new Event.Act(time.now(), "finished", job.process.clusterUid, job.id));
    enter(job, "FINISHED");
  }

  // --- requests ---

  /** Flink leaves none open when the tasks that should write it are gone; a wrong one does. */
  private void giveUpAll(SimulatedJob job, String why) {
    if (leavesSavepointsOpen) {
      return;
    }
    job.requests.values().stream().filter(r -> !r.done()).forEach(r -> giveUp(r, why));
  }

  private void giveUp(SimulatedJob.Request request, String why) {
    request.failure =
        Optional.of("org.apache.flink.runtime.checkpoint.CheckpointException: " + why);
    history.add(new Event.SavepointEnded(time.now(), request.trigger, "failed"));
  }

  /** Begins a savepoint; a trigger id that is known begins nothing. */
  void savepoint(SimulatedJob job, String trigger, String directory, boolean stop) {
    if (job.requests.containsKey(trigger)) {
      return;
    }
    var request = new SimulatedJob.Request(trigger, stop);
    job.requests.put(trigger, request);
    if (!job.running()) {
      giveUp(request, "job is not running: " + job.state);
      return;
    }
    switch (savepoints) {
      case HANG -> {}
      case FAIL -> time.after(savepointsTake, () -> failed(request));
      case LOST -> time.after(savepointsTake / 2, () -> lose(job));
      default -> time.after(savepointsTake, () -> complete(job, request, directory));
    }
  }

  private void failed(SimulatedJob.Request request) {
    if (!request.done()) {
      giveUp(request, "scripted failure");
    }
  }

  private void lose(SimulatedJob job) {
    if (job.process.alive) {
      kubernetes.killContainer(job.process.podUid);
    }
  }

  private void complete(SimulatedJob job, SimulatedJob.Request request, String directory) {
    if (request.done() || !job.process.alive || !job.running()) {
      return;
    }
    if (storage.denies) {
      giveUp(request, "Access Denied");
      return;
    }
    String path =
        directory + "/savepoint-" + job.id.substring(0, 6) + "-" + request.trigger.substring(0, 12);
    var snapshot =
        new SimulatedStorage.Snapshot(path, true, job.id, ++job.number, job.progress(time.now()));
    write(job, snapshot, request.stop);
    if (savepoints == Savepoints.WRITTEN_THEN_LOST) {
      lose(job);
      return;
    }
    job.lastSavepoint = Optional.of(path);
    job.lastSavepointStops = request.stop;
    if (!request.stop) {
      told(request, path);
      return;
    }
    switch (savepoints) {
      case RUN_ON -> {
        told(request, path);
        history.add(new Event.SavepointEnded(time.now(), request.trigger, "ran-on"));
        failOver(job, "failed while stopping");
      }
      case RUN_ON_TOLD -> {
        stopping(request, path, job);
        history.add(new Event.SavepointEnded(time.now(), request.trigger, "ran-on"));
        failOver(job, "failed while stopping");
      }
      case FAIL_WHILE_STOPPING -> {
        stopping(request, path, job);
        fail(job, request.failure.orElseThrow());
      }
      default -> {
        told(request, path);
        job.ends = true;
        time.after(endsTake, () -> stop(job));
      }
    }
  }

  private void told(SimulatedJob.Request request, String path) {
    request.location = Optional.of(path);
    history.add(new Event.SavepointEnded(time.now(), request.trigger, "complete"));
  }

  private static void stopping(SimulatedJob.Request request, String path, SimulatedJob job) {
    request.written = Optional.of(path);
    request.failure =
        Optional.of(
            "StopWithSavepointStoppingException: A savepoint has been created at: "
                + path
                + ", but the corresponding job "
                + job.id
                + " failed during stopping.");
  }

  private void stop(SimulatedJob job) {
    if (job.process.alive && !job.ended()) {
      endRun(job, "FINISHED");
      enter(job, "FINISHED");
    }
  }

  void cancel(SimulatedJob job) {
    time.after(
        300,
        () -> {
          if (job.process.alive && !job.ended()) {
            endRun(job, "CANCELED");
            enter(job, "CANCELED");
          }
        });
  }

  void require(SimulatedJob job, int parallelism) {
    job.wanted = parallelism;
    advance(job.process);
  }

  /** Slots of each TaskManager that the job uses. */
  Map<String, Integer> taken(SimulatedJobManager process) {
    int left = process.job.filter(SimulatedJob::running).map(j -> j.parallelism).orElse(0);
    var taken = new LinkedHashMap<String, Integer>();
    for (TaskManager one : new ArrayList<>(taskManagers(process))) {
      int used = Math.min(left, one.slots());
      taken.put(one.podUid(), used);
      left -= used;
    }
    return taken;
  }

  String dispose(SimulatedJobManager process, String path) {
    String id = String.format("%032x", process.disposals.size() + 1L);
    process.disposals.put(id, Optional.empty());
    time.after(
        200,
        () -> {
          if (!process.alive) {
            return;
          }
          if (disposalsFail) {
            process.disposals.put(id, Optional.of("scripted failure"));
          } else {
            storage.dispose(path);
            process.disposals.put(id, Optional.of(""));
          }
        });
    return id;
  }
}
