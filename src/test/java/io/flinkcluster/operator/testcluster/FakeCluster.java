package io.flinkcluster.operator.testcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/**
 * Flink as one {@code FlinkCluster} sees it: its JobManagers and TaskManagers, its snapshots, what
 * a test scripts for it, and a ledger of all that happened, over all its starts.
 */
public final class FakeCluster {

  /** What becomes of savepoints. */
  public enum Savepoints {
    /** They complete after {@link #savepointsTake}. */
    COMPLETE,
    /** They fail, and the job runs on. */
    FAIL,
    /** They stay in progress for ever. */
    HANG,
    /** They are written, and for ever said to be in progress. */
    UNTOLD,
    /** A stop writes its savepoint, and the job fails while stopping (flink: see 2.3). */
    FAIL_WHILE_STOPPING
  }

  /** What becomes of requests to delete a savepoint. */
  public enum Disposals {
    /** It is deleted; where there is none, Flink says so. */
    DELETE,
    /** It fails, and the savepoint stays. */
    FAIL,
    /** It stays in progress for ever. */
    HANG
  }

  /** How the REST API behaves. */
  public enum Rest {
    /** As it should. */
    ANSWERS,
    /** Status 500 for everything, without effect. */
    FAILS,
    /** Accepts the connection and never answers, without effect. */
    HANGS,
    /** Requests that change something have their effect, and the answer is lost. */
    LOSES_ANSWERS,
    /** Answers without an end. */
    ENDLESS,
    /** Sends whoever asks to another server. */
    REDIRECTS,
    /** JSON of a depth that no reader should follow. */
    DEEP,
    /** Tells, with numbers without bound, of jobs that are not its own. */
    LIES
  }

  /** What becomes of a job once it is submitted. */
  public enum Jobs {
    /** It runs as soon as there are slots. */
    RUN,
    /** It fails for good at once. */
    FAIL,
    /** It restarts for ever. */
    RESTART,
    /** It never leaves CREATED. */
    STAY_CREATED
  }

  /**
   * A completed checkpoint or savepoint.
   *
   * @param position how far the job had come; grows with every snapshot of a job
   */
  public record Snapshot(String path, String jobId, long id, boolean savepoint, long position) {}

  /**
   * One start of a job in a JobManager.
   *
   * @param position where it started: that of the snapshot it restored, 0 without
   * @param newest the position of the newest snapshot at that moment
   */
  public record Start(
      long epoch,
      String pod,
      String jobId,
      Optional<String> restoredFrom,
      long position,
      long newest,
      int parallelism) {}

  /** A request that was to change something. */
  public record Call(String method, String path, String jobId, String triggerId, String body) {}

  private final String name;
  private final ScheduledExecutorService timer;
  private final FlinkWitness witness;
  private final Map<String, JobManagerProcess> jobManagers = new LinkedHashMap<>();
  private final Map<String, FlinkProcess> taskManagers = new LinkedHashMap<>();
  private final Set<String> hanging = new HashSet<>();
  private final Map<String, Snapshot> snapshots = new LinkedHashMap<>();
  private final Map<String, String> endedJobs = new HashMap<>();
  private final List<Start> starts = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private Savepoints savepoints = Savepoints.COMPLETE;
  private Disposals disposals = Disposals.DELETE;
  private final List<Snapshot> disposed = new ArrayList<>();
  private Duration savepointsTake = Duration.ofMillis(20);
  private Rest rest = Rest.ANSWERS;
  private String lie = "";
  private Jobs jobs = Jobs.RUN;
  private boolean checkpointing = true;
  private LongPredicate unfit = epoch -> false;
  private boolean refusesRequirements;
  private final AtomicLong asked = new AtomicLong();
  private Optional<FakeLoad> load = Optional.empty();

  FakeCluster(String name, ScheduledExecutorService timer, FlinkWitness witness) {
    this.name = name;
    this.timer = timer;
    this.witness = witness;
    timer.scheduleWithFixedDelay(this::tick, 100, 100, TimeUnit.MILLISECONDS);
  }

  // --- script ---

  /** What becomes of savepoints from now on. */
  public synchronized FakeCluster savepoints(Savepoints outcome) {
    savepoints = outcome;
    return this;
  }

  /** What becomes of requests to delete a savepoint from now on. */
  public synchronized FakeCluster disposals(Disposals outcome) {
    disposals = outcome;
    return this;
  }

  /** How long a savepoint takes; 20 ms at first. */
  public synchronized FakeCluster savepointsTake(Duration duration) {
    savepointsTake = duration;
    return this;
  }

  /** How the REST API behaves from now on. */
  public synchronized FakeCluster rest(Rest behaviour) {
    rest = behaviour;
    return this;
  }

  /**
   * From now on its REST API does harm.
   *
   * @param lie the URL that it sends to, or the id of the job that it speaks of
   */
  public synchronized FakeCluster hostile(Rest behaviour, String lie) {
    this.rest = behaviour;
    this.lie = lie;
    return this;
  }

  synchronized String lie() {
    return lie;
  }

  /** What becomes of jobs that start from now on, and of those that wait for slots. */
  public synchronized FakeCluster jobs(Jobs fate) {
    jobs = fate;
    jobManagers.values().forEach(this::advance);
    return this;
  }

  /** Whether running jobs complete a checkpoint every 100 ms, which they do at first. */
  public synchronized FakeCluster checkpointing(boolean on) {
    checkpointing = on;
    return this;
  }

  /** State does not fit the jobs of these starts: they fail for good when they restore it. */
  public synchronized FakeCluster unfit(LongPredicate epochs) {
    unfit = epochs;
    return this;
  }

  /** Flink gives up every savepoint that is in progress. */
  public synchronized void expireSavepoints() {
    eachJob(
        job ->
            job.savepoints.values().stream()
                .filter(savepoint -> !savepoint.done())
                .forEach(
                    savepoint ->
                        savepoint.failure =
                            Optional.of(
                                "org.apache.flink.runtime.checkpoint.CheckpointException:"
                                    + " Checkpoint expired before completing.")));
  }

  /** A savepoint that another cluster wrote. */
  public synchronized FakeCluster foreignSavepoint(String path) {
    var snapshot = new Snapshot(path, "0".repeat(32), 1, true, 1);
    remember(snapshot);
    witness.snapshotTaken(snapshot, "", "", 0, false);
    return this;
  }

  /** Every running job completes a checkpoint now. */
  public synchronized void completeCheckpoint() {
    jobManagers.values().forEach(this::checkpoint);
  }

  /** Every job fails for good. */
  public synchronized void failJobs(String message) {
    eachJob(job -> job.fail(message));
  }

  /** Every job comes to its end. */
  public synchronized void finishJobs() {
    eachJob(job -> job.enter("FINISHED"));
  }

  // --- ledger ---

  /** How many requests its JobManagers were sent. */
  public long asked() {
    return asked.get();
  }

  void askedAgain() {
    asked.incrementAndGet();
  }

  /** Every start of a job, oldest first. */
  public synchronized List<Start> starts() {
    return List.copyOf(starts);
  }

  /** Whether a job of this id was ever started; then its directory exists. */
  synchronized boolean hasRun(String jobId) {
    return starts.stream().anyMatch(start -> start.jobId().equals(jobId));
  }

  /** Every request that was to change something, oldest first, also those that failed. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Number of stop requests by trigger id. */
  public synchronized Map<String, Long> stopsByTrigger() {
    var counts = new LinkedHashMap<String, Long>();
    calls.stream()
        .filter(call -> call.path().endsWith("/stop"))
        .forEach(call -> counts.merge(call.triggerId(), 1L, Long::sum));
    return counts;
  }

  /** Completed checkpoints and savepoints, oldest first. */
  public synchronized List<Snapshot> snapshots() {
    return List.copyOf(snapshots.values());
  }

  /** Savepoints that were deleted, oldest first. */
  public synchronized List<Snapshot> disposed() {
    return List.copyOf(disposed);
  }

  /** State of the newest job; empty: none was ever started, or its JobManager is gone. */
  public synchronized Optional<String> jobState() {
    return jobManagers.values().stream()
        .flatMap(process -> process.job().stream())
        .reduce((a, b) -> b)
        .map(job -> job.state);
  }

  /** At no time did two jobs that had not ended exist in one cluster. */
  public synchronized void assertOneWriter() {
    assertThat(violations).as("%s: two jobs at a time", name).isEmpty();
  }

  /** Every start but the first took the newest snapshot there was. */
  public synchronized void assertNeverOlderState() {
    assertThat(starts)
        .as("%s: starts", name)
        .allSatisfy(start -> assertThat(start.position()).isEqualTo(start.newest()));
  }

  // --- processes, called by FakeFlink ---

  synchronized void started(JobManagerProcess jobManager) {
    jobManagers.put(jobManager.process.uid(), jobManager);
    FlinkProcess process = jobManager.process;
    witness.processBegan(
        process.uid(), process.pod(), process.ip(), process.owner(), process.epoch());
    lead(jobManager);
  }

  synchronized void started(FlinkProcess taskManager) {
    taskManagers.put(taskManager.uid(), taskManager);
    jobManagers.values().forEach(this::advance);
  }

  /** A process has ended; returns the JobManager, if it was one. */
  synchronized Optional<JobManagerProcess> stopped(String uid) {
    jobManagers.values().forEach(jobManager -> lose(jobManager, uid));
    taskManagers.remove(uid);
    var gone = Optional.ofNullable(jobManagers.remove(uid));
    gone.ifPresent(this::lost);
    jobManagers.values().forEach(this::lead);
    jobManagers.values().forEach(this::advance);
    return gone;
  }

  private void lost(JobManagerProcess jobManager) {
    jobManager
        .job()
        .ifPresent(
            job -> {
              job.endRun("LOST");
              job.savepoints.values().stream()
                  .filter(savepoint -> savepoint.stop || !savepoint.done())
                  .forEach(savepoint -> witness.savepointEnded(savepoint.triggerId, "lost"));
            });
    witness.processEnded(jobManager.process.uid());
  }

  /** Starts the job unless another JobManager of the same start leads. */
  private void lead(JobManagerProcess jobManager) {
    FlinkProcess process = jobManager.process;
    boolean standby =
        process.highlyAvailable()
            && jobManagers.values().stream()
                .anyMatch(
                    o ->
                        o != jobManager
                            && o.process.epoch() == process.epoch()
                            && o.job().isPresent());
    if (!process.application() || jobManager.job().isPresent() || standby) {
      return;
    }
    String id = process.jobId().orElse("0".repeat(32));
    if (process.highlyAvailable() && endedJobs.containsKey(id)) {
      return;
    }
    var path = recovery(process, id).or(() -> searched(process)).or(process::fromSavepoint);
    var job = new FakeJob(id, process, path.map(snapshots::get), witness);
    note(process, job, path);
    jobManager.job(job);
    if (path.isPresent() && job.restored.isEmpty()) {
      job.fail("java.io.FileNotFoundException: Cannot find checkpoint or savepoint " + path.get());
    }
    if (path.isPresent() && unfit.test(process.epoch())) {
      job.fail(
          "java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint "
              + path.get()
              + ". Cannot map checkpoint/savepoint state for operator 1 to the new program");
    }
    advance(jobManager);
  }

  /** As the pod's init container does: a snapshot that is newer than the one that is given. */
  private Optional<String> searched(FlinkProcess process) {
    long given = process.fromSavepoint().map(snapshots::get).map(Snapshot::position).orElse(-1L);
    return snapshots.values().stream()
        .filter(s -> process.searched().stream().anyMatch(d -> s.path().startsWith(d + "/")))
        .filter(s -> s.position() > given)
        .max(Comparator.comparing(Snapshot::position))
        .map(Snapshot::path);
  }

  /** With high availability a job goes on from its own newest checkpoint. */
  private Optional<String> recovery(FlinkProcess process, String id) {
    return process.highlyAvailable()
        ? snapshots.values().stream()
            .filter(snapshot -> snapshot.jobId().equals(id))
            .reduce((a, b) -> b)
            .map(Snapshot::path)
        : Optional.empty();
  }

  private void note(FlinkProcess process, FakeJob job, Optional<String> path) {
    long newest = snapshots.values().stream().mapToLong(Snapshot::position).max().orElse(0);
    starts.add(
        new Start(
            process.epoch(), process.pod(), job.id, path, job.position, newest, job.parallelism));
    for (JobManagerProcess other : jobManagers.values()) {
      other
          .job()
          .filter(j -> !j.ended())
          .ifPresent(
              j ->
                  violations.add(
                      "job %s of epoch %d started while job %s of epoch %d was %s"
                          .formatted(
                              job.id, process.epoch(), j.id, other.process.epoch(), j.state)));
    }
  }

  private void advance(JobManagerProcess jobManager) {
    FakeJob job = jobManager.job().orElse(null);
    if (job == null || job.ended()) {
      return;
    }
    if (job.adaptive && jobs == Jobs.RUN) {
      adapt(job, slots(jobManager));
      return;
    }
    boolean enough = slots(jobManager) >= job.parallelism;
    switch (jobs) {
      case FAIL -> job.fail("java.lang.IllegalStateException: scripted failure");
      case RESTART -> {
        job.lastFailure = Optional.of("java.lang.IllegalStateException: scripted failure");
        job.enter("RESTARTING");
      }
      case STAY_CREATED -> {}
      case RUN -> run(job, enough);
    }
    noteEnds();
  }

  /** Like the adaptive scheduler: with what it is to have, or with what there is. */
  private static void adapt(FakeJob job, int slots) {
    int tasks = Math.min(job.wanted, slots);
    if (tasks == 0) {
      run(job, false);
    } else if (!job.running()) {
      job.parallelism = tasks;
      job.enter("RUNNING");
    } else if (tasks != job.parallelism) {
      job.rescale(tasks);
    }
  }

  /** The adaptive scheduler restarts a job that loses tasks, even where others have room. */
  private void lose(JobManagerProcess jobManager, String uid) {
    boolean used =
        taskManagers(jobManager).stream()
            .anyMatch(t -> t.uid().equals(uid) && taken(jobManager, t) > 0);
    jobManager
        .job()
        .filter(job -> used && job.adaptive && job.running())
        .ifPresent(job -> job.rescale(job.parallelism));
  }

  /** Slots of a TaskManager that the job uses: the newest first, as the adaptive scheduler may. */
  int taken(JobManagerProcess jobManager, FlinkProcess taskManager) {
    var job = jobManager.job().filter(FakeJob::running);
    int left = job.map(j -> j.parallelism).orElse(0);
    var order = new ArrayList<>(taskManagers(jobManager));
    if (job.filter(j -> j.adaptive).isPresent()) {
      java.util.Collections.reverse(order);
    }
    for (FlinkProcess one : order) {
      int taken = Math.min(left, one.slots());
      if (one == taskManager) {
        return taken;
      }
      left -= taken;
    }
    return 0;
  }

  /** The adaptive scheduler is asked for another size. */
  synchronized void require(FakeJob job, int parallelism) {
    job.wanted = parallelism;
    jobManagers.values().stream()
        .filter(j -> j.job().orElse(null) == job)
        .findFirst()
        .ifPresent(this::advance);
  }

  /** What the newest job is to have, and how often it was rescaled in place. */
  public synchronized List<Integer> requiredAndRescales() {
    return jobManagers.values().stream()
        .flatMap(process -> process.job().stream())
        .reduce((a, b) -> b)
        .map(job -> List.of(job.wanted, job.rescales))
        .orElse(List.of());
  }

  /** Requirements are answered as by another scheduler: with status 500. */
  public synchronized FakeCluster refuseRequirements(boolean refuse) {
    refusesRequirements = refuse;
    return this;
  }

  synchronized boolean refusesRequirements() {
    return refusesRequirements;
  }

  /** What its job has to do from now on; without, it has nothing to do and says nothing of it. */
  public synchronized FakeLoad load(FakeLoad given) {
    load = Optional.of(given);
    return given;
  }

  /** The same, as it is by now. */
  synchronized Optional<FakeLoad> load(FakeJob job) {
    load.ifPresent(l -> l.tasks(job.running() ? job.parallelism : 0));
    return load;
  }

  private static void run(FakeJob job, boolean enough) {
    if (job.running() && !enough) {
      job.restarts++;
      job.lastFailure = Optional.of("org.apache.flink.runtime.JobException: a TaskManager is lost");
      job.enter("RESTARTING");
    } else if (enough) {
      job.enter("RUNNING");
    }
  }

  int slots(JobManagerProcess jobManager) {
    return taskManagers(jobManager).stream().mapToInt(FlinkProcess::slots).sum();
  }

  /**
   * The TaskManager in this pod hangs from now on: its JobManager drops it, its pod stays ready.
   */
  public synchronized void hang(String pod) {
    hanging.add(pod);
    jobManagers.values().forEach(this::advance);
  }

  List<FlinkProcess> taskManagers(JobManagerProcess jobManager) {
    return taskManagers.values().stream()
        .filter(t -> !hanging.contains(t.pod()))
        .filter(t -> t.epoch() == jobManager.process.epoch())
        .toList();
  }

  private synchronized void tick() {
    for (JobManagerProcess jobManager : jobManagers.values()) {
      if (jobs == Jobs.RESTART) {
        jobManager.job().filter(job -> !job.ended()).ifPresent(job -> job.restarts++);
      }
      if (checkpointing && jobManager.process.checkpointed()) {
        checkpoint(jobManager);
      }
    }
  }

  private void checkpoint(JobManagerProcess jobManager) {
    jobManager
        .job()
        .filter(FakeJob::running)
        .filter(job -> job.savepoints.values().stream().allMatch(FakeJob.Savepoint::done))
        .ifPresent(
            job -> {
              long id = ++job.position;
              String dir =
                  jobManager
                      .process
                      .options()
                      .getOrDefault(
                          "execution.checkpointing.dir",
                          jobManager
                              .process
                              .options()
                              .getOrDefault("state.checkpoints.dir", "file:///none"));
              var snapshot = new Snapshot(dir + "/" + job.id + "/chk-" + id, job.id, id, false, id);
              remember(snapshot);
              job.checkpoints.add(snapshot);
              tell(job, jobManager.process, snapshot, false);
            });
  }

  private void tell(FakeJob job, FlinkProcess process, Snapshot snapshot, boolean stop) {
    witness.snapshotTaken(snapshot, job.run, process.owner(), process.epoch(), stop);
  }

  private void remember(Snapshot snapshot) {
    snapshots.remove(snapshot.path());
    snapshots.put(snapshot.path(), snapshot);
  }

  private void eachJob(java.util.function.Consumer<FakeJob> change) {
    jobManagers.values().forEach(jobManager -> jobManager.job().ifPresent(change));
    noteEnds();
  }

  private void noteEnds() {
    jobManagers
        .values()
        .forEach(
            jobManager ->
                jobManager
                    .job()
                    .filter(FakeJob::ended)
                    .ifPresent(job -> endedJobs.put(job.id, job.state)));
  }

  // --- requests, called by JobManagerProcess ---

  synchronized Rest rest() {
    return rest;
  }

  synchronized void call(Call call) {
    calls.add(call);
  }

  /** Begins a savepoint; a trigger id that is known begins nothing. */
  synchronized void savepoint(FakeJob job, String triggerId, String directory, boolean stop) {
    if (job.savepoints.containsKey(triggerId)) {
      return;
    }
    var savepoint = new FakeJob.Savepoint(triggerId, stop);
    job.savepoints.put(triggerId, savepoint);
    if (!job.running()) {
      savepoint.failure =
          Optional.of(
              "org.apache.flink.runtime.checkpoint.CheckpointException: job "
                  + job.id
                  + " is not running: "
                  + job.state);
      witness.savepointEnded(triggerId, "failed");
    } else if (savepoints != Savepoints.HANG) {
      timer.schedule(
          () -> end(job, savepoint, directory), savepointsTake.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void end(FakeJob job, FakeJob.Savepoint savepoint, String directory) {
    boolean lost = jobManagers.values().stream().noneMatch(j -> j.job().orElse(null) == job);
    if (lost || savepoints == Savepoints.HANG) {
      return;
    }
    if (savepoints == Savepoints.FAIL || !job.running()) {
      savepoint.failure =
          Optional.of("org.apache.flink.runtime.checkpoint.CheckpointException: scripted failure");
      witness.savepointEnded(savepoint.triggerId, "failed");
      return;
    }
    long position = ++job.position;
    String path =
        directory
            + "/savepoint-"
            + job.id.substring(0, 6)
            + "-"
            + savepoint.triggerId.substring(0, 12);
    var snapshot = new Snapshot(path, job.id, position, true, position);
    remember(snapshot);
    jobManagers.values().stream()
        .filter(j -> j.job().orElse(null) == job)
        .findFirst()
        .ifPresent(j -> tell(job, j.process, snapshot, savepoint.stop));
    if (savepoints == Savepoints.UNTOLD) {
      return;
    }
    job.lastSavepoint = Optional.of(snapshot);
    job.lastSavepointStops = savepoint.stop;
    finish(job, savepoint, path);
    noteEnds();
  }

  private void finish(FakeJob job, FakeJob.Savepoint savepoint, String path) {
    if (savepoint.stop && savepoints == Savepoints.FAIL_WHILE_STOPPING) {
      String message =
          "org.apache.flink.runtime.scheduler.stopwithsavepoint.StopWithSavepointStoppingException:"
              + " A savepoint has been created at: "
              + path
              + ", but the corresponding job "
              + job.id
              + " failed during stopping. The savepoint is consistent, but might have uncommitted"
              + " transactions. If you want to commit the transaction please restart a job from"
              + " this savepoint.";
      savepoint.failure = Optional.of(message);
      job.fail(message);
      return;
    }
    savepoint.location = Optional.of(path);
    witness.savepointEnded(savepoint.triggerId, "complete");
    if (savepoint.stop) {
      job.enter("FINISHED");
    }
  }

  /** Begins to delete a savepoint, which takes 20 ms. */
  synchronized FakeJob.Disposal dispose(String path) {
    var disposal = new FakeJob.Disposal(path);
    if (disposals != Disposals.HANG) {
      timer.schedule(() -> end(disposal), 20, TimeUnit.MILLISECONDS);
    }
    return disposal;
  }

  private synchronized void end(FakeJob.Disposal disposal) {
    disposal.done = true;
    if (disposals == Disposals.FAIL) {
      disposal.failure =
          Optional.of("org.apache.flink.util.FlinkException: Could not dispose: scripted failure");
      return;
    }
    Snapshot gone = snapshots.remove(disposal.path);
    if (gone == null) {
      disposal.failure =
          Optional.of(
              "org.apache.flink.util.FlinkException: Could not dispose savepoint "
                  + disposal.path
                  + ".\nCaused by: java.io.FileNotFoundException: Cannot find checkpoint or"
                  + " savepoint file/directory '"
                  + disposal.path
                  + "' on file system 's3'.");
    } else {
      disposed.add(gone);
      witness.snapshotDisposed(gone.path());
    }
  }

  synchronized void cancel(FakeJob job) {
    job.enter("CANCELED");
    noteEnds();
  }
}
