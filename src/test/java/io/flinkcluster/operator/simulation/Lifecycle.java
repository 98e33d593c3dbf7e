package io.flinkcluster.operator.simulation;

import static io.flinkcluster.operator.simulation.SampleCluster.SESSION;
import static io.flinkcluster.operator.simulation.SampleCluster.STATEFUL;
import static io.flinkcluster.operator.simulation.SampleCluster.STATELESS;
import static io.flinkcluster.operator.simulation.SampleCluster.with;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A change of a cluster from one state of rest to the next.
 *
 * @param name in words
 * @param prepare brings a new world to where the change begins; the operator is running
 * @param act what a person or the world does
 * @param end whether the change is done
 */
record Lifecycle(String name, Consumer<World> prepare, Consumer<World> act, Predicate<World> end) {
  static final String C = "c";
  private static final long LONG = 600_000;

  private static final String HIGHLY_AVAILABLE = with("highAvailability: {enabled: true}");
  private static final String IN_PLACE = with("rescale: {mode: InPlace}");

  @Override
  public String toString() {
    return name;
  }

  /** Whether nothing is to be done after it: not where savepoints are taken by schedule. */
  boolean rests() {
    return !name.contains("schedule");
  }

  /** Whether the cluster is as its spec says, whichever way it came to that. */
  static boolean asWanted(World w) {
    var cluster = w.cluster(C);
    if (cluster.isEmpty()) {
      return w.api.list("pods").isEmpty() && w.api.list("replicasets").isEmpty();
    }
    if (cluster.get().path("metadata").has("deletionTimestamp")) {
      return false;
    }
    boolean suspend = cluster.get().at("/spec/suspend").asBoolean();
    if (suspend && w.settled(C, "Running") && w.condition(C, "Stalled", "True")) {
      return true; // no savepoint can be had: it says so, and keeps running
    }
    String phase = suspend ? "Suspended" : "Running";
    return w.settled(C, phase)
        && (w.ready(C) || phase.equals("Suspended") || w.condition(C, "Stalled", "True"));
  }

  /** A cluster of this spec runs, and has completed two checkpoints if it takes any. */
  static Consumer<World> running(String spec) {
    return w -> {
      w.create(C, spec);
      if (!w.until(
          () -> w.ready(C) || w.settled(C, "Running") && !spec.contains("storage"), LONG)) {
        throw new IllegalStateException("it does not run: " + w.status(C) + w.failures());
      }
      w.pass(21_000);
    };
  }

  private static Consumer<World> suspended(String spec) {
    return running(spec)
        .andThen(
            w -> {
              w.spec(C, "suspend: true");
              if (!w.until(() -> w.settled(C, "Suspended"), LONG)) {
                throw new IllegalStateException("it is not suspended");
              }
            });
  }

  private static Predicate<World> epoch(long epoch) {
    return w -> w.ready(C) && at(w) == epoch;
  }

  static long at(World w) {
    return w.status(C).map(s -> s.at("/launch/epoch").asLong()).orElse(0L);
  }

  private static Predicate<World> gone() {
    return w -> w.gone(C) && w.api.list("pods").isEmpty() && w.api.list("replicasets").isEmpty();
  }

  private static Predicate<World> ready() {
    return w -> w.ready(C);
  }

  private static void kill(World w) {
    w.fault("the JobManager's container ends");
    w.jobManagerPods(C).stream()
        .findFirst()
        .ifPresent(p -> w.kubernetes.killContainer(p.at("/metadata/uid").asText()));
  }

  /** All of them. */
  static List<Lifecycle> all() {
    return List.of(
        new Lifecycle("create", w -> {}, w -> w.create(C, STATEFUL), epoch(1)),
        new Lifecycle(
            "create from a savepoint",
            w -> w.storage.foreign("s3://old/savepoint-000000-1", 500),
            w ->
                w.create(
                    C,
                    STATEFUL.replace(
                        "parallelism: 1",
                        "parallelism: 1, initialSavepoint: \"s3://old/savepoint-000000-1\"")),
            epoch(1)),
        new Lifecycle(
            "upgrade with savepoint",
            running(STATEFUL),
            w -> w.spec(C, "image: flink:2.3-b"),
            epoch(2)),
        new Lifecycle(
            "upgrade from last checkpoint",
            running(
                STATEFUL.replace("parallelism: 1", "parallelism: 1, upgradeMode: LastCheckpoint")),
            w -> w.spec(C, "image: flink:2.3-b"),
            epoch(2)),
        new Lifecycle(
            "upgrade stateless",
            running(STATELESS),
            w -> w.spec(C, "image: flink:2.3-b"),
            w -> w.ready(C) && at(w) == 2),
        new Lifecycle(
            "upgrade with high availability",
            running(HIGHLY_AVAILABLE),
            w -> w.spec(C, "image: flink:2.3-b"),
            epoch(2)),
        new Lifecycle(
            "rescale by savepoint",
            running(with("rescale: {mode: Savepoint}")),
            w -> w.spec(C, "{job: {parallelism: 2}, taskManager: {replicas: 2}}"),
            epoch(2)),
        new Lifecycle(
            "rescale in place, up",
            running(IN_PLACE),
            w -> w.spec(C, "{job: {parallelism: 3}, taskManager: {replicas: 3}}"),
            w -> w.ready(C) && at(w) == 1 && w.job(C).filter(j -> j.parallelism == 3).isPresent()),
        new Lifecycle(
            "rescale in place, down",
            running(
                IN_PLACE
                    .replace("parallelism: 1", "parallelism: 3")
                    .replace("replicas: 1", "replicas: 3")),
            w -> w.spec(C, "{job: {parallelism: 1}, taskManager: {replicas: 1}}"),
            w ->
                w.ready(C)
                    && at(w) == 1
                    && w.job(C).filter(j -> j.parallelism == 1).isPresent()
                    && w.kubernetes.pods(w.uid(C), "taskmanager").size() == 1),
        new Lifecycle(
            "suspend",
            running(STATEFUL),
            w -> w.spec(C, "suspend: true"),
            w -> w.settled(C, "Suspended")),
        new Lifecycle("resume", suspended(STATEFUL), w -> w.spec(C, "suspend: false"), epoch(2)),
        new Lifecycle(
            "delete without savepoint",
            running(STATEFUL.replace("parallelism: 1", "parallelism: 1, onDelete: Cancel")),
            w -> w.delete(C),
            gone()),
        new Lifecycle("delete with savepoint", running(STATEFUL), w -> w.delete(C), gone()),
        new Lifecycle(
            "delete with high availability", running(HIGHLY_AVAILABLE), w -> w.delete(C), gone()),
        new Lifecycle(
            "rollback",
            running(STATEFUL).andThen(w -> w.flink.unfit = e -> e == 2),
            w -> w.spec(C, "image: flink:2.3-bad"),
            w -> w.settled(C, "Running") && at(w) == 3 && w.condition(C, "Stalled", "True")),
        new Lifecycle(
            "savepoint by token",
            running(STATEFUL),
            w -> w.annotate(C, "savepoint", "one"),
            w ->
                w.ready(C)
                    && w.status(C)
                        .filter(s -> s.at("/actions/savepoint").asText().equals("one"))
                        .isPresent()),
        new Lifecycle(
            "savepoints by schedule, with retention",
            running(
                STATEFUL.replace(
                    "checkpointInterval: 10s",
                    "checkpointInterval: 10s, savepointInterval: 30s, savepointHistory: {maxCount:"
                        + " 1}")),
            w -> w.edit(C, c -> {}),
            w ->
                w.ready(C)
                    && w.history.events().stream()
                        .anyMatch(
                            io.flinkcluster.operator.judge.Event.SnapshotDisposed.class
                                ::isInstance)),
        new Lifecycle("JobManager crash", running(STATEFUL), Lifecycle::kill, epoch(2)),
        new Lifecycle(
            "JobManager crash with high availability",
            running(HIGHLY_AVAILABLE),
            Lifecycle::kill,
            w -> w.ready(C) && at(w) == 1 && w.job(C).filter(j -> j.running()).isPresent()),
        new Lifecycle(
            "JobManager pod evicted",
            running(STATEFUL),
            w -> {
              w.fault("eviction");
              w.kubernetes.evict(w.jobManagerPods(C).get(0).at("/metadata/uid").asText());
            },
            epoch(2)),
        new Lifecycle(
            "JobManager Deployment deleted",
            running(STATEFUL),
            w -> {
              w.fault("somebody deletes the Deployment");
              w.api
                  .get("deployments", World.NAMESPACE, C + "-jobmanager-1")
                  .ifPresent(d -> w.api.delete("user", "deployments", d));
            },
            epoch(2)),
        new Lifecycle(
            "FAILED job restarted",
            running(STATEFUL),
            w -> {
              w.fault("the job fails for good");
              w.job(C).ifPresent(j -> w.flink.fail(j, "java.lang.IllegalStateException: no"));
              w.annotate(C, "restart", "one");
            },
            w -> w.ready(C) && at(w) >= 2),
        new Lifecycle(
            "restart by token",
            running(STATEFUL),
            w -> w.annotate(C, "restart", "one"),
            w ->
                w.ready(C)
                    && w.status(C)
                        .filter(s -> s.at("/actions/restart").asText().equals("one"))
                        .isPresent()),
        new Lifecycle(
            "everything pruned",
            running(STATEFUL),
            w -> {
              w.fault("somebody deletes all objects");
              for (String kind :
                  List.of(
                      "deployments",
                      "services",
                      "configmaps",
                      "networkpolicies",
                      "poddisruptionbudgets")) {
                w.api.list(kind).forEach(o -> w.api.delete("user", kind, o));
              }
            },
            epoch(2)),
        new Lifecycle(
            "session cluster, create",
            w -> {},
            w -> w.create(C, SESSION),
            w -> w.settled(C, "Running")),
        new Lifecycle(
            "session cluster, scale",
            running(SESSION),
            w -> w.spec(C, "taskManager: {replicas: 2}"),
            w -> w.settled(C, "Running") && w.kubernetes.pods(w.uid(C), "taskmanager").size() == 2),
        new Lifecycle("session cluster, delete", running(SESSION), w -> w.delete(C), gone()));
  }
}
