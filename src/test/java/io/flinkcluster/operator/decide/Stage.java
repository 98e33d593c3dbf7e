package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.CheckpointsSeen;
import io.flinkcluster.operator.model.CleanupSeen;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.DisposalSeen;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.JobSeen;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.PodSeen;
import io.flinkcluster.operator.model.SavepointProgress;
import io.flinkcluster.operator.model.ScalingSeen;
import io.flinkcluster.operator.model.TaskManagerSeen;
import io.flinkcluster.operator.model.Times;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster on a stage without a world behind it: what would be seen is set by the test, what would
 * be written down is kept, and decisions follow one another as in the reconciler. The spec of every
 * start whose ConfigMap was wanted is remembered, as the API server would.
 */
final class Stage {
  static final String UID = "6f1f1c1e-0000-4000-8000-000000000001";
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final Map<Long, CheckedCluster> remembered = new HashMap<>();
  private final List<String> refusals = new ArrayList<>();
  private String yaml;
  private long generation = 1;
  private Ledger ledger = Ledger.of(null);
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Instant jobBegan = now;
  private final List<PodSeen> pods = new ArrayList<>();
  private final List<Observation.Missing> missing = new ArrayList<>();
  private Optional<FlinkObservation> flink = Optional.empty();
  private boolean jobManagersGone;
  private List<Observation.Left> left = List.of(new Observation.Left("Service c", false));
  private boolean deleting;
  private Optional<String> finalSavepoint = Optional.empty();
  private Optional<String> savepointToken = Optional.empty();
  private Optional<String> restartToken = Optional.empty();
  private boolean planOnly;
  private Optional<String> cause = Optional.of("java.io.IOException: broken");
  private final List<DisposalSeen> disposals = new ArrayList<>();
  private Optional<CleanupSeen> cleanup = Optional.empty();

  Stage(String yaml) {
    this.yaml = yaml;
  }

  static Stage stateful() {
    return new Stage(
        """
        flinkVersion: "2.3"
        image: flink:2.3
        job: {jarURI: "local:///opt/flink/a.jar"}
        storage: {baseURI: "s3://bucket/flink"}
        """);
  }

  /** The JobManager of the start that was just recorded waits at its gate, is let through, runs. */
  Stage comesUp(long epoch) {
    assertThat(launch().epoch()).isEqualTo(epoch);
    jobManagersBack().gatedPod(epoch, "jm-" + epoch).settle();
    return pod(Component.JOB_MANAGER, epoch, "jm-" + epoch);
  }

  Stage spec(String changed) {
    yaml = changed;
    generation++;
    return this;
  }

  String yaml() {
    return yaml;
  }

  Stage specWith(String line) {
    return spec(yaml + line + "\n");
  }

  Stage elapse(Duration time) {
    now = now.plus(time);
    return this;
  }

  Stage pod(Component component, long epoch, String name) {
    return pod(component, epoch, name, true, 0, Optional.empty());
  }

  Stage pod(
      Component component,
      long epoch,
      String name,
      boolean running,
      int restarts,
      Optional<PodSeen.Trouble> trouble) {
    pods.removeIf(p -> p.name().equals(name));
    pods.add(
        new PodSeen(
            name,
            "uid-" + name,
            component,
            epoch,
            false,
            running,
            running,
            false,
            restarts,
            Optional.of("10.0.0.1"),
            Optional.of("192.0.2.1"),
            Optional.of("node-1"),
            trouble));
    return this;
  }

  Stage gatedPod(long epoch, String name) {
    pods.removeIf(p -> p.name().equals(name));
    pods.add(
        new PodSeen(
            name,
            "uid-" + name,
            Component.JOB_MANAGER,
            epoch,
            true,
            false,
            false,
            false,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
    return this;
  }

  Stage noPod(String name) {
    pods.removeIf(p -> p.name().equals(name));
    return this;
  }

  Stage trouble(Component component, long epoch, Reason reason, String text) {
    missing.add(new Observation.Missing(component, epoch, new PodSeen.Trouble(reason, text)));
    return this;
  }

  /** The pod that cleans up after a deletion. */
  Stage cleanup(boolean ended, String trouble) {
    cleanup = Optional.of(new CleanupSeen("c-cleanup", now, ended, Optional.ofNullable(trouble)));
    return this;
  }

  Stage refuse(String what) {
    refusals.add(what);
    return this;
  }

  /** What a job that fails from now on tells; empty: nothing yet. */
  Stage cause(Optional<String> told) {
    cause = told;
    return this;
  }

  /** The JobManager of the current start reports its job. */
  Stage job(String state, Optional<String> restored, long checkpoint) {
    long epoch = launch().epoch();
    boolean ended = state.matches("FINISHED|FAILED|CANCELED");
    Optional<CheckpointsSeen.Completed> last =
        checkpoint == 0
            ? Optional.empty()
            : Optional.of(
                new CheckpointsSeen.Completed(
                    checkpoint,
                    "s3://bucket/flink/ns/c/checkpoints/" + launch().jobId() + "/chk-" + checkpoint,
                    now,
                    Duration.ofMillis(20),
                    100));
    var job =
        new JobSeen(
            launch().jobId(),
            state,
            1,
            720,
            jobBegan,
            ended ? Optional.of(now) : Optional.empty(),
            0,
            2,
            state.equals("RUNNING") ? 2 : 0,
            state.equals("RUNNING") ? Optional.of(now) : Optional.empty(),
            Optional.of(100L),
            Optional.of(true),
            new CheckpointsSeen(checkpoint, 0, last, Optional.empty(), restored),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            state.equals("FAILED") ? cause : Optional.empty());
    flink =
        Optional.of(
            new FlinkObservation(
                epoch, now, true, "", Optional.of(job), List.of(), List.of(), progress()));
    return this;
  }

  /** The same job, with the last failure that Flink tells. */
  Stage because(String why) {
    FlinkObservation f = flink.orElseThrow();
    JobSeen j = f.job().orElseThrow();
    var job =
        new JobSeen(
            j.id(),
            j.state(),
            j.parallelism(),
            j.maxParallelism(),
            j.startedAt(),
            j.endedAt(),
            j.restarts(),
            j.tasksTotal(),
            j.tasksRunning(),
            j.tasksRunningSince(),
            j.bufferTimeoutMillis(),
            j.flushed(),
            j.checkpoints(),
            j.backPressure(),
            j.backPressuredVertex(),
            j.sourceLag(),
            Optional.of(why));
    flink =
        Optional.of(
            new FlinkObservation(
                f.epoch(), now, true, "", Optional.of(job), List.of(), List.of(), progress()));
    return this;
  }

  static final String SOURCE = "a".repeat(32);
  static final String WINDOW = "b".repeat(32);

  /**
   * The adaptive scheduler reports the job: two vertices that may have so many tasks, of which so
   * many run, and every running TaskManager pod registered with one slot.
   */
  Stage scaled(int upper, int running) {
    return scaled(
        Map.of(SOURCE, new Bounds(1, upper), WINDOW, new Bounds(1, upper)), running, 2 * running);
  }

  /** As the other one, vertex by vertex. */
  Stage scaled(Map<String, Bounds> bounds, int running, int tasks) {
    int used = running;
    var registered = new ArrayList<TaskManagerSeen>();
    for (PodSeen pod : pods) {
      if (pod.component() == Component.TASK_MANAGER && pod.running()) {
        registered.add(new TaskManagerSeen(pod.name(), 1, used-- > 0 ? 0 : 1));
      }
    }
    var vertices =
        new java.util.TreeMap<>(bounds)
            .entrySet().stream()
                .map(e -> new ScalingSeen.Vertex(e.getKey(), e.getValue(), 720))
                .toList();
    FlinkObservation f = flink.orElseThrow();
    JobSeen j = f.job().orElseThrow();
    var job =
        new JobSeen(
            j.id(),
            "RUNNING",
            running,
            720,
            j.startedAt(),
            Optional.empty(),
            0,
            tasks,
            tasks,
            Optional.of(now),
            j.bufferTimeoutMillis(),
            j.flushed(),
            j.checkpoints(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    flink =
        Optional.of(
            new FlinkObservation(
                f.epoch(),
                now,
                true,
                "",
                Optional.of(job),
                List.of(),
                registered,
                Optional.empty(),
                new ScalingSeen(vertices, Optional.of(now.minusMillis(700)))));
    return this;
  }

  /** The same with the job in state RESTARTING. */
  Stage restarting() {
    FlinkObservation before = flink.orElseThrow();
    job("RESTARTING", Optional.empty(), 1);
    FlinkObservation f = flink.orElseThrow();
    flink =
        Optional.of(
            new FlinkObservation(
                f.epoch(),
                now,
                true,
                "",
                f.job(),
                List.of(),
                before.taskManagers(),
                Optional.empty(),
                before.scaling()));
    return this;
  }

  /** The TaskManager pods with these names are marked as the first to go, and no other is. */
  Stage marked(List<String> names) {
    pods.replaceAll(
        p ->
            new PodSeen(
                p.name(),
                p.uid(),
                p.component(),
                p.epoch(),
                p.gated(),
                p.running(),
                p.ready(),
                p.deleting(),
                p.flinkRestarts(),
                p.podIP(),
                p.hostIP(),
                p.node(),
                p.trouble(),
                names.contains(p.name())));
    return this;
  }

  /** The JobManager process that runs the job from now on began its run now. */
  Stage jobBegins() {
    jobBegan = now;
    return this;
  }

  private Optional<SavepointProgress> progress() {
    return flink.flatMap(FlinkObservation::savepoint);
  }

  Stage savepoint(SavepointProgress progress) {
    FlinkObservation f = flink.orElseThrow();
    flink =
        Optional.of(
            new FlinkObservation(
                f.epoch(),
                now,
                true,
                "",
                f.job(),
                f.strangeJobs(),
                f.taskManagers(),
                Optional.of(progress)));
    return this;
  }

  Stage savepointCompleted() {
    String trigger = operation().triggerId();
    return savepoint(
        new SavepointProgress.Completed(
            trigger, operation().savepointDirectory() + "/savepoint-1"));
  }

  /** What was heard last is all that is heard. */
  Stage flink(Optional<FlinkObservation> last) {
    flink = last;
    return this;
  }

  /** Something became of the deletion of a savepoint. */
  Stage disposal(String path, DisposalSeen.Outcome outcome, String message) {
    disposals.removeIf(d -> d.path().equals(path));
    disposals.add(new DisposalSeen(path, outcome, message, now));
    return this;
  }

  /** A savepoint of an operation of this type is known; returns its path. */
  String tookSavepoint(String type) {
    String path =
        "s3://bucket/flink/ns/c/savepoints/%s-%d/savepoint-1".formatted(type, now.getEpochSecond());
    knowsSavepoint(path, type);
    return path;
  }

  Stage knowsSavepoint(String path, String type) {
    String at = Times.text(now);
    ledger = ledger.with(new SavepointStatus(path, type, launch().jobId(), at));
    return this;
  }

  /** The current start began from this point. */
  Stage startedFrom(String path) {
    LaunchStatus l = launch();
    ledger =
        ledger.with(
            new LaunchStatus(
                l.epoch(),
                l.jobId(),
                l.fingerprint(),
                l.generation(),
                path,
                l.jobManagerPod(),
                l.stoppedAt(),
                l.finishedAt(),
                l.size(),
                l.unseen()));
    return this;
  }

  /** Hours since the beginning, and two. */
  long hours() {
    return 2 + Duration.between(Instant.parse("2026-01-01T00:00:00Z"), now).toHours();
  }

  /** The JobManager was asked and does not answer. */
  Stage flinkSilent() {
    flink = Optional.of(FlinkObservation.unreachable(launch().epoch(), now, "timed out"));
    return this;
  }

  /** The operator has just begun: nothing was asked yet. */
  Stage flinkUnheard() {
    flink = Optional.empty();
    return this;
  }

  Stage jobManagersGone() {
    jobManagersGone = true;
    pods.removeIf(p -> p.component() == Component.JOB_MANAGER);
    flink = Optional.empty();
    return this;
  }

  Stage jobManagersBack() {
    jobManagersGone = false;
    return this;
  }

  Stage delete() {
    deleting = true;
    return this;
  }

  Stage nothingLeft() {
    left = List.of();
    return this;
  }

  Stage left(String what, boolean deleting) {
    left = List.of(new Observation.Left(what, deleting));
    return this;
  }

  Stage leftBehind(String path) {
    finalSavepoint = Optional.of(path);
    return this;
  }

  Stage savepointToken(String token) {
    savepointToken = Optional.of(token);
    return this;
  }

  Stage restartToken(String token) {
    restartToken = Optional.of(token);
    return this;
  }

  Stage planOnly(boolean only) {
    planOnly = only;
    return this;
  }

  LaunchStatus launch() {
    return ledger.launch().orElseThrow();
  }

  OperationStatus operation() {
    return ledger.operation().orElseThrow();
  }

  Ledger ledger() {
    return ledger;
  }

  OperationStage stage() {
    return operation().stage();
  }

  private Admission admission() {
    try {
      var cluster = new FlinkCluster();
      cluster.setMetadata(
          new ObjectMetaBuilder()
              .withName("c")
              .withNamespace("ns")
              .withUid(UID)
              .withGeneration(generation)
              .build());
      cluster.setSpec(YAML.readValue(yaml, FlinkClusterSpec.class));
      return AdmissionRules.check(cluster);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  Situation situation() {
    return new Situation(
        new ClusterNames("ns", "c"),
        UID,
        generation,
        admission(),
        Map.copyOf(remembered),
        ledger,
        new Observation(
                now,
                List.copyOf(pods),
                List.copyOf(missing),
                flink,
                jobManagersGone,
                left,
                finalSavepoint)
            .with(disposals)
            .with(cleanup),
        new Situation.Wishes(planOnly, savepointToken, restartToken, deleting),
        List.copyOf(refusals));
  }

  /** Decides until nothing more is to be written down; fails if that does not come to an end. */
  Decision settle() {
    for (int round = 0; round < 10; round++) {
      Decision decision = Decider.decide(situation());
      if (decision.ledger().equals(ledger)) {
        decision.runs().stream()
            .filter(r -> r.parts().contains(Part.CONFIG))
            .forEach(r -> remembered.putIfAbsent(r.launch().epoch(), r.spec()));
        return decision;
      }
      ledger = decision.ledger();
    }
    throw new AssertionError("decisions do not settle: " + ledger);
  }

  /** The status is empty again; the objects of the cluster are still there. */
  Stage statusLost() {
    ledger = Ledger.of(null);
    return this;
  }

  void forgetConfigMaps() {
    remembered.clear();
  }

  /** Walks to a running first start with one completed checkpoint. */
  Stage running() {
    settle();
    gatedPod(1, "jm-1");
    settle();
    pod(Component.JOB_MANAGER, 1, "jm-1");
    pod(Component.TASK_MANAGER, 1, "tm-1");
    job("RUNNING", Optional.empty(), 0);
    settle();
    elapse(Duration.ofSeconds(10));
    job("RUNNING", Optional.empty(), 1);
    settle();
    return this;
  }

  /** Walks to a running session cluster of one TaskManager. */
  Stage sessionRunning() {
    settle();
    pod(Component.JOB_MANAGER, 1, "jm-1");
    pod(Component.TASK_MANAGER, 1, "tm-1");
    var taskManager = new TaskManagerSeen("tm-1", 1, 1);
    flink =
        Optional.of(
            new FlinkObservation(
                1,
                now,
                true,
                "",
                Optional.empty(),
                List.of(),
                List.of(taskManager),
                Optional.empty()));
    settle();
    return this;
  }

  static String jobId(long epoch) {
    return Ids.jobId(UID, epoch);
  }
}
