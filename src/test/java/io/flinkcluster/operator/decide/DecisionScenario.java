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
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.state.Part;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.CloudIdentity;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.FinalSavepoint;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.NodeProtection;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.ObservedApplication;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedCleanupPod;
import io.flinkcluster.operator.model.ObservedDisposal;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.ObservedPod.Preparation;
import io.flinkcluster.operator.model.ObservedScaling;
import io.flinkcluster.operator.model.ObservedStorageCheck;
import io.flinkcluster.operator.model.ObservedTaskManager;
import io.flinkcluster.operator.model.SavepointProgress;
import io.flinkcluster.operator.model.StorageFinding;
import io.flinkcluster.operator.model.Times;
import io.flinkcluster.operator.testcluster.Records;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A cluster on a stage without a world behind it: what would be seen is set by the test, what would
 * be written down is kept, and decisions follow one another as in the reconciler. The spec of every
 * start whose ConfigMap was wanted is remembered, as the API server would.
 */
final class DecisionScenario {
  static final String UID = "6f1f1c1e-0000-4000-8000-000000000001";
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private final Map<Long, CheckedCluster> remembered = new HashMap<>();
  private final List<String> refusals = new ArrayList<>();
  private String yaml;
  private long generation = 1;
  private RecordedState recorded = RecordedState.of(null);
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Instant jobBegan = now;
  private final List<ObservedPod> pods = new ArrayList<>();
  private final List<Observation.PodCreationFailure> missing = new ArrayList<>();
  private Optional<FlinkObservation> flink = Optional.empty();
  private boolean jobManagersGone;
  private List<Observation.RemainingObject> left =
      List.of(new Observation.RemainingObject("Service c", false));
  private boolean deleting;
  private Optional<FinalSavepoint> finalSavepoint = Optional.empty();
  private Optional<String> savepointToken = Optional.empty();
  private Optional<String> restartToken = Optional.empty();
  private boolean podsConfirmed = true;
  private boolean planOnly;
  private Optional<String> cause = Optional.of("java.io.IOException: broken");
  private final List<ObservedDisposal> disposals = new ArrayList<>();
  private Optional<ObservedCleanupPod> cleanup = Optional.empty();
  private List<ObservedStorageCheck> storageChecks = List.of();
  private Optional<String> absent = Optional.empty();
  private Optional<String> formerJobManager = Optional.empty();
  private final Map<String, String> leavingNodes = new HashMap<>();
  private boolean nodesWatched;

  DecisionScenario(String yaml) {
    this.yaml = yaml;
  }

  static DecisionScenario stateful() {
    return new DecisionScenario(
        """
        flinkVersion: "2.3"
        image: flink:2.3
        job: {jarURI: "local:///opt/flink/a.jar"}
        storage: {baseURI: "s3://bucket/flink"}
        """);
  }

  /** The JobManager of the start that was just recorded waits at its gate, is let through, runs. */
  DecisionScenario comesUp(long epoch) {
    assertThat(launch().epoch()).isEqualTo(epoch);
    jobManagersBack().gatedPod(epoch, "jm-" + epoch).settle();
    return pod(Component.JOB_MANAGER, epoch, "jm-" + epoch);
  }

  DecisionScenario spec(String changed) {
    yaml = changed;
    generation++;
    return this;
  }

  String yaml() {
    return yaml;
  }

  DecisionScenario specWith(String line) {
    return spec(yaml + line + "\n");
  }

  DecisionScenario elapse(Duration time) {
    now = now.plus(time);
    return this;
  }

  DecisionScenario pod(Component component, long epoch, String name) {
    return pod(component, epoch, name, true, 0, Optional.empty());
  }

  /** A running one on this node. */
  DecisionScenario pod(Component component, long epoch, String name, String node) {
    return pod(component, epoch, name, true, 0, Optional.empty(), node);
  }

  DecisionScenario pod(
      Component component,
      long epoch,
      String name,
      boolean running,
      int restarts,
      Optional<ObservedPod.PodProblem> problem) {
    return pod(component, epoch, name, running, restarts, problem, "node-1");
  }

  private DecisionScenario pod(
      Component component,
      long epoch,
      String name,
      boolean running,
      int restarts,
      Optional<ObservedPod.PodProblem> problem,
      String node) {
    pods.removeIf(p -> p.name().equals(name));
    pods.add(
        new ObservedPod(
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
            Optional.of(node),
            problem));
    boolean prepared =
        recorded
                .operation()
                .filter(o -> o.withJobManagerPrepared() && o.epoch() == epoch)
                .isPresent()
            && recorded.operation().get().stage() == OperationStage.Preparing;
    boolean there =
        pods.stream().anyMatch(p -> p.component() == Component.JOB_MANAGER && p.epoch() == epoch);
    return component == Component.TASK_MANAGER && running && prepared && !there
        ? preparedPod(epoch, "jm-" + epoch, Preparation.READY)
        : this;
  }

  /** The JobManager pod was made before its time, and is this far. */
  DecisionScenario preparedPod(long epoch, String name, Preparation preparation) {
    return pod(Component.JOB_MANAGER, epoch, name, false, 0, Optional.empty())
        .preparation(name, preparation);
  }

  /** The pod, whatever had its name. */
  DecisionScenario pods(ObservedPod pod) {
    noPod(pod.name());
    pods.add(pod);
    return this;
  }

  /** The pod is this far in its preparation. */
  DecisionScenario preparation(String name, Preparation preparation) {
    pods.replaceAll(p -> p.name().equals(name) ? p.withPreparation(preparation) : p);
    return this;
  }

  /** The pod of the start that was just recorded is there, and nobody let it through. */
  DecisionScenario gatedPod(long epoch, String name) {
    pods.removeIf(p -> p.name().equals(name));
    if (recorded.launch().filter(l -> l.waitsForRelease() && l.epoch() == epoch).isPresent()) {
      return preparedPod(epoch, name, Preparation.READY);
    }
    pods.add(
        new ObservedPod(
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

  /** The pod is in phase Failed for want of memory on its node, and still listed. */
  DecisionScenario evicted(String name) {
    String why = "Evicted: The node was low on resource: memory.";
    return ended(name, new ObservedPod.PodProblem(Reason.PodDisrupted, why), Optional.of(why));
  }

  /** The pod is in phase Failed, and still listed. */
  DecisionScenario ended(String name, ObservedPod.PodProblem problem, Optional<String> disruption) {
    pods.replaceAll(
        p ->
            !p.name().equals(name)
                ? p
                : new ObservedPod(
                    p.name(),
                    p.uid(),
                    p.component(),
                    p.epoch(),
                    false,
                    false,
                    false,
                    false,
                    0,
                    p.podIP(),
                    p.hostIP(),
                    p.node(),
                    Optional.of(problem),
                    true,
                    true,
                    false,
                    disruption,
                    Optional.empty(),
                    Optional.empty(),
                    CloudIdentity.NODE,
                    List.of(),
                    ObservedPod.Preparation.NONE,
                    NodeProtection.NONE));
    return this;
  }

  /** The pod is ready, and its process has been running for so long. */
  DecisionScenario readySince(String name, Duration running) {
    Component component =
        pods.stream()
            .filter(p -> p.name().equals(name))
            .map(ObservedPod::component)
            .findFirst()
            .orElse(Component.TASK_MANAGER);
    pods.removeIf(p -> p.name().equals(name));
    pods.add(
        new ObservedPod(
            name,
            "uid-" + name,
            component,
            launch().epoch(),
            false,
            true,
            true,
            false,
            0,
            Optional.of("10.0.0.1"),
            Optional.of("192.0.2.1"),
            Optional.of("node-1"),
            Optional.empty(),
            true,
            false,
            false,
            Optional.empty(),
            Optional.of(now.minus(running)),
            Optional.empty(),
            CloudIdentity.NODE,
            List.of(),
            ObservedPod.Preparation.NONE,
            NodeProtection.NONE));
    return this;
  }

  /** The JobManager pod is being deleted since so long, and has this container besides Flink's. */
  DecisionScenario ending(String name, Duration since, String other) {
    pods.replaceAll(
        p ->
            !p.name().equals(name)
                ? p
                : new ObservedPod(
                    p.name(),
                    p.uid(),
                    p.component(),
                    p.epoch(),
                    false,
                    true,
                    true,
                    true,
                    0,
                    p.podIP(),
                    p.hostIP(),
                    p.node(),
                    Optional.empty(),
                    true,
                    false,
                    false,
                    Optional.of("its pod was deleted"),
                    Optional.empty(),
                    Optional.of(new ObservedPod.Ending(now.minus(since), List.of(other))),
                    CloudIdentity.NODE,
                    List.of(),
                    ObservedPod.Preparation.NONE,
                    NodeProtection.NONE));
    return this;
  }

  /** The JobManager, which was just asked, knows these TaskManagers. */
  DecisionScenario registered(String... names) {
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
                java.util.Arrays.stream(names).map(n -> new ObservedTaskManager(n, 1, 1)).toList(),
                f.savepoint(),
                f.scaling()));
    return this;
  }

  /** The JobManager of a session cluster is asked and answers. */
  DecisionScenario sessionAnswers() {
    FlinkObservation f = flink.orElseThrow();
    flink =
        Optional.of(
            new FlinkObservation(
                f.epoch(),
                now,
                true,
                "",
                Optional.empty(),
                List.of(),
                f.taskManagers(),
                Optional.empty()));
    return this;
  }

  /** Something that the wanted spec refers to does not exist; null: all does. */
  /** What is told of a JobManager of an earlier cluster of this name; null: there is none. */
  DecisionScenario formerJobManager(String what) {
    formerJobManager = Optional.ofNullable(what);
    return this;
  }

  DecisionScenario absent(String what) {
    absent = Optional.ofNullable(what);
    return this;
  }

  /** What is recorded is edited by hand. */
  DecisionScenario recorded(UnaryOperator<RecordedState> edit) {
    recorded = edit.apply(recorded);
    return this;
  }

  /** The pod carries these annotations. */
  DecisionScenario annotated(String name, Map<String, String> annotations) {
    NodeProtection protection = NodeProtection.of(annotations);
    pods.replaceAll(p -> p.name().equals(name) ? Records.with(p, "protection", protection) : p);
    return this;
  }

  DecisionScenario noPod(String name) {
    pods.removeIf(p -> p.name().equals(name));
    return this;
  }

  DecisionScenario problem(Component component, long epoch, Reason reason, String text) {
    missing.add(
        new Observation.PodCreationFailure(
            component, epoch, new ObservedPod.PodProblem(reason, text)));
    return this;
  }

  /** The pod that cleans up after a deletion. */
  DecisionScenario cleanup(boolean ended, String problem) {
    cleanup =
        Optional.of(new ObservedCleanupPod("c-cleanup", now, ended, Optional.ofNullable(problem)));
    return this;
  }

  /** The pod that tries the directories of the next start has said this. */
  DecisionScenario storageCheck(boolean usable, StorageFinding... findings) {
    return storageCheck(true, usable, findings);
  }

  /** It is there, and does not begin. */
  DecisionScenario storageCheckWaits() {
    return storageCheck(false, false);
  }

  private DecisionScenario storageCheck(boolean ended, boolean usable, StorageFinding... findings) {
    String pod =
        new ClusterNames("ns", "c").storageCheck(UID, recorded.operation().orElseThrow().epoch());
    storageChecks = List.of(new ObservedStorageCheck(pod, ended, usable, List.of(findings)));
    return this;
  }

  DecisionScenario refuse(String what) {
    refusals.add(what);
    return this;
  }

  /** What a job that fails from now on tells; empty: nothing yet. */
  DecisionScenario cause(Optional<String> told) {
    cause = told;
    return this;
  }

  /** The JobManager of the current start reports its job. */
  DecisionScenario job(String state, Optional<String> restored, long checkpoint) {
    long epoch = launch().epoch();
    boolean ended = state.matches("FINISHED|FAILED|CANCELED");
    Optional<ObservedCheckpoints.Completed> last =
        checkpoint == 0
            ? Optional.empty()
            : Optional.of(
                new ObservedCheckpoints.Completed(
                    checkpoint,
                    "s3://bucket/flink/ns/c/checkpoints/" + launch().jobId() + "/chk-" + checkpoint,
                    now,
                    Duration.ofMillis(20),
                    100));
    var job =
        new ObservedJob(
            launch().jobId(),
            state,
            1,
            720,
            jobBegan,
            ended ? Optional.of(now) : Optional.empty(),
            0,
            2,
            state.equals("RUNNING") ? 2 : 0,
            state.equals("RUNNING") ? Optional.of(runningSince(epoch)) : Optional.empty(),
            Optional.of(100L),
            Optional.of(true),
            new ObservedCheckpoints(checkpoint, 0, last, Optional.empty(), restored),
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

  /** Somebody stops the job with this savepoint, and not the operator. */
  DecisionScenario stoppedBySomebody(String path) {
    job("FINISHED", Optional.empty(), 1);
    return withJob(
        "checkpoints",
        new ObservedCheckpoints(
            1,
            0,
            Optional.empty(),
            Optional.of(path),
            Optional.empty(),
            Optional.of(path),
            Optional.of(now)));
  }

  /** The JobManager was just asked: the same job with another value of this part. */
  DecisionScenario withJob(String part, Object value) {
    FlinkObservation f = flink.orElseThrow();
    var job = Optional.of(Records.with(f.job().orElseThrow(), part, value));
    flink =
        Optional.of(
            new FlinkObservation(f.epoch(), now, true, "", job, List.of(), List.of(), progress()));
    return this;
  }

  /** The tasks of the job did this, oldest first; it is asked just now. */
  DecisionScenario loads(Function<Instant, List<LoadSample>> until) {
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
                f.taskManagers(),
                f.savepoint(),
                f.scaling(),
                f.application(),
                until.apply(now)));
    return this;
  }

  /** The JobManager of the current start reports that its application ended without a job. */
  DecisionScenario endedWithoutJob(String state, String failure) {
    var application = new ObservedApplication(state, 0, Optional.ofNullable(failure));
    flink =
        Optional.of(
            new FlinkObservation(
                launch().epoch(),
                now,
                true,
                "",
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                ObservedScaling.NONE,
                Optional.of(application)));
    return this;
  }

  /** Tasks that run go on doing so until another state is seen of their job. */
  private Instant runningSince(long epoch) {
    return flink
        .filter(f -> f.epoch() == epoch)
        .flatMap(FlinkObservation::job)
        .filter(j -> j.state().equals("RUNNING") && j.startedAt().equals(jobBegan))
        .flatMap(ObservedJob::tasksRunningSince)
        .orElse(now);
  }

  /** The same job, with the last failure that Flink tells. */
  DecisionScenario because(String why) {
    return withJob("failure", Optional.of(why));
  }

  static final String SOURCE = "a".repeat(32);
  static final String WINDOW = "b".repeat(32);

  /**
   * The adaptive scheduler reports the job: two vertices that may have so many tasks, of which so
   * many run, and every running TaskManager pod registered with one slot.
   */
  DecisionScenario scaled(int upper, int running) {
    return scaled(
        Map.of(SOURCE, new Bounds(1, upper), WINDOW, new Bounds(1, upper)), running, 2 * running);
  }

  /** As the other one, vertex by vertex. */
  DecisionScenario scaled(Map<String, Bounds> bounds, int running, int tasks) {
    int used = running;
    var registered = new ArrayList<ObservedTaskManager>();
    for (ObservedPod pod : pods) {
      if (pod.component() == Component.TASK_MANAGER && pod.running()) {
        registered.add(new ObservedTaskManager(pod.name(), 1, used-- > 0 ? 0 : 1));
      }
    }
    var vertices =
        new java.util.TreeMap<>(bounds)
            .entrySet().stream()
                .map(e -> new ObservedScaling.Vertex(e.getKey(), e.getValue(), 720))
                .toList();
    FlinkObservation f = flink.orElseThrow();
    ObservedJob j = f.job().orElseThrow();
    var job =
        new ObservedJob(
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
                new ObservedScaling(vertices, Optional.of(now.minusMillis(700)))));
    return this;
  }

  /** The same, by an operator that has not seen the run before the present one. */
  DecisionScenario justTakenOver() {
    FlinkObservation seen = flink.orElseThrow();
    var scaling = new ObservedScaling(seen.scaling().vertices(), Optional.empty());
    flink = Optional.of(Records.with(seen, "scaling", scaling));
    return this;
  }

  /** The same with the job in state RESTARTING. */
  DecisionScenario restarting() {
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
  DecisionScenario marked(List<String> names) {
    pods.replaceAll(p -> Records.with(p, "goesFirst", names.contains(p.name())));
    return this;
  }

  /** The JobManager process that runs the job from now on began its run now. */
  DecisionScenario jobBegins() {
    jobBegan = now;
    return this;
  }

  private Optional<SavepointProgress> progress() {
    return flink.flatMap(FlinkObservation::savepoint);
  }

  DecisionScenario savepoint(SavepointProgress progress) {
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

  DecisionScenario savepointCompleted() {
    String trigger = operation().triggerId();
    return savepoint(
        new SavepointProgress.Completed(
            trigger, operation().savepointDirectory() + "/savepoint-1"));
  }

  /** What was heard last is all that is heard. */
  DecisionScenario flink(Optional<FlinkObservation> last) {
    flink = last;
    return this;
  }

  /** Something became of the deletion of a savepoint. */
  DecisionScenario disposal(String path, ObservedDisposal.Outcome outcome, String message) {
    disposals.removeIf(d -> d.path().equals(path));
    disposals.add(new ObservedDisposal(path, outcome, message, now));
    return this;
  }

  /** A savepoint of an operation of this type is known; returns its path. */
  String tookSavepoint(String type) {
    String path =
        "s3://bucket/flink/ns/c/savepoints/%s-%d/savepoint-1".formatted(type, now.getEpochSecond());
    knowsSavepoint(path, type);
    return path;
  }

  DecisionScenario knowsSavepoint(String path, String type) {
    String at = Times.text(now);
    TriggerKind kind =
        type.equals("periodic")
            ? TriggerKind.Schedule
            : type.startsWith("savepoint token ")
                ? TriggerKind.SavepointToken
                : TriggerKind.SpecChange;
    recorded = recorded.with(new SavepointStatus(path, type, kind, launch().jobId(), at));
    return this;
  }

  /** The current start began from this point. */
  DecisionScenario startedFrom(String path) {
    LaunchStatus l = launch();
    recorded =
        recorded.with(
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
                l.snapshotSearchDirectories(),
                l.unconfirmedSavepointDirectory(),
                l.lostAt(),
                l.prepared()));
    return this;
  }

  /** Hours since the beginning, and two. */
  long hours() {
    return 2 + Duration.between(Instant.parse("2026-01-01T00:00:00Z"), now).toHours();
  }

  /** The JobManager was asked and does not answer. */
  DecisionScenario flinkSilent() {
    flink = Optional.of(FlinkObservation.unreachable(launch().epoch(), now, "timed out"));
    return this;
  }

  /** The operator has just begun: nothing was asked yet. */
  DecisionScenario flinkUnheard() {
    flink = Optional.empty();
    return this;
  }

  DecisionScenario jobManagersGone() {
    jobManagersGone = true;
    boolean prepared = recorded.operation().filter(o -> o.withJobManagerPrepared()).isPresent();
    pods.removeIf(p -> p.component() == Component.JOB_MANAGER && !(prepared && p.held()));
    flink = Optional.empty();
    return this;
  }

  DecisionScenario jobManagersBack() {
    jobManagersGone = false;
    return this;
  }

  DecisionScenario delete() {
    deleting = true;
    return this;
  }

  DecisionScenario nothingLeft() {
    left = List.of();
    return this;
  }

  DecisionScenario left(String what, boolean deleting) {
    left = List.of(new Observation.RemainingObject(what, deleting));
    return this;
  }

  DecisionScenario leftBehind(String path) {
    finalSavepoint = Optional.of(new FinalSavepoint(path, List.of(), Optional.empty()));
    return this;
  }

  /** The same, and a newer one may lie in a directory. */
  DecisionScenario leftBehindUnseen(String path, String directory) {
    finalSavepoint = Optional.of(new FinalSavepoint(path, List.of(directory), Optional.empty()));
    return this;
  }

  /** The same, and a cluster with this uid has begun from it since. */
  DecisionScenario leftBehind(String path, String continuedBy) {
    finalSavepoint = Optional.of(new FinalSavepoint(path, List.of(), Optional.of(continuedBy)));
    return this;
  }

  /** What is seen of the pods is what a cache holds, which may be behind. */
  DecisionScenario podsFromCache() {
    podsConfirmed = false;
    return this;
  }

  DecisionScenario savepointToken(String token) {
    savepointToken = Optional.of(token);
    return this;
  }

  DecisionScenario restartToken(String token) {
    restartToken = Optional.of(token);
    return this;
  }

  DecisionScenario planOnly(boolean only) {
    planOnly = only;
    return this;
  }

  LaunchStatus launch() {
    return recorded.launch().orElseThrow();
  }

  OperationStatus operation() {
    return recorded.operation().orElseThrow();
  }

  RecordedState recorded() {
    return recorded;
  }

  OperationStage stage() {
    return operation().stage();
  }

  /** Its node is about to go, and this says so; all pods are on node-1 unless they say else. */
  DecisionScenario nodeLeaves(String node, String why) {
    leavingNodes.put(node, why);
    return watchingNodes();
  }

  DecisionScenario watchingNodes() {
    nodesWatched = true;
    return this;
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
    var seen =
        new Observation(
                now,
                List.copyOf(pods),
                List.copyOf(missing),
                flink,
                jobManagersGone,
                left,
                finalSavepoint)
            .with(disposals)
            .with(cleanup)
            .withStorageChecks(storageChecks)
            .withAbsent(absent)
            .withPodsConfirmed(podsConfirmed)
            .withFormerJobManager(formerJobManager);
    return new Situation(
        new ClusterNames("ns", "c"),
        UID,
        generation,
        admission(),
        Map.copyOf(remembered),
        recorded,
        nodesWatched ? seen.withLeavingNodes(leavingNodes) : seen,
        new Situation.Wishes(planOnly, savepointToken, restartToken, deleting),
        List.copyOf(refusals));
  }

  /** Decides until nothing more is to be written down; fails if that does not come to an end. */
  Decision settle() {
    for (int round = 0; round < 10; round++) {
      Decision decision = Decider.decide(situation());
      FiredRules.note(situation(), decision);
      SeenResources.note(situation(), decision, yaml);
      if (decision.recorded().equals(recorded)) {
        decision.runs().stream()
            .filter(r -> r.parts().contains(Part.CONFIG))
            .forEach(r -> remembered.putIfAbsent(r.launch().epoch(), r.spec()));
        return decision;
      }
      recorded = decision.recorded();
    }
    throw new AssertionError("decisions do not settle: " + recorded);
  }

  /** The status is empty again; the objects of the cluster are still there. */
  DecisionScenario statusLost() {
    recorded = RecordedState.of(null);
    return this;
  }

  void forgetConfigMaps() {
    remembered.clear();
  }

  /** Walks to a running first start with one completed checkpoint. */
  DecisionScenario running() {
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
  DecisionScenario sessionRunning() {
    settle();
    pod(Component.JOB_MANAGER, 1, "jm-1");
    pod(Component.TASK_MANAGER, 1, "tm-1");
    var taskManager = new ObservedTaskManager("tm-1", 1, 1);
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
