package io.flinkcluster.operator.proof;

import static io.flinkcluster.operator.simulation.SampleCluster.SESSION;
import static io.flinkcluster.operator.simulation.SampleCluster.STATEFUL;
import static io.flinkcluster.operator.simulation.SampleCluster.STATELESS;
import static io.flinkcluster.operator.simulation.SampleCluster.with;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Changes of one cluster that can be gone through again and again, in turn.
 *
 * @param name in words
 * @param spec of the cluster, as YAML
 */
record Story(String name, String spec, List<Step> steps) {
  /** Where a step begins. */
  enum From {
    NOTHING,
    RUNNING,
    SUSPENDED
  }

  /**
   * A change.
   *
   * @param whole whether the cluster is ready only with a job that runs
   * @param given what the spec holds before it, as YAML; empty: nothing special
   * @param act what a person or the world does
   * @param end whether it is carried out
   */
  record Step(
      String name,
      From from,
      boolean whole,
      String given,
      Consumer<Lane> act,
      Predicate<Lane> end) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** It has nodes of its own, which the operators watch. */
  static final String NODES = "nodes that go";

  private static final AtomicInteger NUMBER = new AtomicInteger();

  @Override
  public String toString() {
    return name;
  }

  private static Step step(String name, Consumer<Lane> act, Predicate<Lane> end) {
    return new Step(name, From.RUNNING, true, "", act, end);
  }

  private static String size(int tasks) {
    return "{job: {parallelism: %1$d}, taskManager: {replicas: %1$d}}".formatted(tasks);
  }

  private static Step upgrade(String name) {
    return step(
        name,
        l -> l.spec("image: \"flink:2.3-" + NUMBER.incrementAndGet() + "\""),
        l -> l.ready() && l.starts() == 1);
  }

  private static Step rescale(String mode, int from, int tasks, int starts) {
    return new Step(
        "rescale " + mode + " to " + tasks,
        From.RUNNING,
        true,
        size(from),
        l -> l.spec(size(tasks)),
        l ->
            l.ready()
                && l.starts() == starts
                && l.status().at("/taskManagers/ready").asInt() == tasks);
  }

  private static Step token(String key, int starts) {
    return step(
        key + " by token",
        l -> l.annotate(key, "t" + NUMBER.incrementAndGet()),
        l ->
            l.ready()
                && l.starts() == starts
                && l.cluster()
                    .filter(
                        c ->
                            c.at("/status/actions/" + key)
                                .asText()
                                .equals(
                                    c.at("/metadata/annotations/flinkcluster.io~1" + key)
                                        .asText("none")))
                    .isPresent());
  }

  private static Step created(boolean whole) {
    return new Step(
        "create",
        From.NOTHING,
        whole,
        "",
        Lane::create,
        l -> whole ? l.ready() && l.epoch() == 1 : l.settled("Running"));
  }

  private static Step deleted(boolean whole) {
    return new Step("delete", From.RUNNING, whole, "", Lane::delete, Lane::gone);
  }

  private static Predicate<Lane> restarted() {
    return l -> l.ready() && l.starts() >= 1;
  }

  /** All of them. */
  static List<Story> all() {
    return List.of(
        new Story("savepoint", STATEFUL, List.of(upgrade("upgrade with savepoint"))),
        new Story(
            "last checkpoint",
            STATEFUL.replace("parallelism: 1", "parallelism: 1, upgradeMode: LastCheckpoint"),
            List.of(upgrade("upgrade from last checkpoint"))),
        new Story("stateless", STATELESS, List.of(upgrade("upgrade stateless"))),
        new Story(
            "high availability",
            with("highAvailability: {enabled: true}"),
            List.of(upgrade("upgrade with high availability"))),
        new Story(
            "rescale by savepoint",
            with("rescale: {mode: Savepoint}"),
            List.of(rescale("by savepoint", 1, 2, 1), rescale("by savepoint", 2, 1, 1))),
        new Story(
            "rescale in place",
            with("rescale: {mode: InPlace}"),
            List.of(rescale("in place", 1, 3, 0), rescale("in place", 3, 1, 0))),
        new Story(
            "suspension",
            STATEFUL,
            List.of(
                step("suspend", l -> l.spec("suspend: true"), l -> l.settled("Suspended")),
                new Step(
                    "resume",
                    From.SUSPENDED,
                    true,
                    "",
                    l -> l.spec("suspend: false"),
                    l -> l.ready() && l.starts() == 1))),
        new Story(
            "rollback",
            STATEFUL,
            List.of(
                step(
                    "rollback",
                    l -> {
                      l.fake().unfit(epoch -> l.image(epoch, "-bad-"));
                      l.spec("image: \"flink:2.3-bad-" + NUMBER.incrementAndGet() + "\"");
                    },
                    l ->
                        l.settled("Running")
                            && l.starts() == 2
                            && l.condition("Stalled", "True")))),
        new Story("savepoints", STATEFUL, List.of(token("savepoint", 0))),
        new Story("restarts", STATEFUL, List.of(token("restart", 1))),
        new Story(
            "loss of the JobManager",
            STATEFUL,
            List.of(step("JobManager lost", Lane::loseJobManager, restarted()))),
        new Story(
            "loss of all objects",
            STATEFUL,
            List.of(step("everything pruned", Lane::prune, restarted()))),
        new Story(
            "a job that fails",
            STATEFUL,
            List.of(
                step(
                    "FAILED job restarted",
                    l -> {
                      l.fault("the job fails for good");
                      l.fake().failJobs("java.lang.IllegalStateException: no");
                      l.annotate("restart", "t" + NUMBER.incrementAndGet());
                    },
                    restarted()))),
        new Story(
            NODES,
            STATEFUL,
            List.of(step("a node leaves", Lane::nodeLeaves, l -> l.ready() && l.starts() == 1))),
        new Story("with savepoint", STATEFUL, List.of(created(true), deleted(true))),
        new Story("session", SESSION, List.of(created(false), deleted(false))));
  }
}
