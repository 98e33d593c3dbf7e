package io.flinkcluster.operator.simulation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.judge.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Every way in which the operator is disturbed at one of its calls. */
final class CrashPoints {
  /** One run: a lifecycle, the number of a call, and what happens there. */
  record Point(Lifecycle lifecycle, int call, String mode) {
    @Override
    public String toString() {
      return lifecycle + ", call " + call + ", " + mode;
    }
  }

  private static final Map<String, Fate> FATES = Fate.disturbances();

  /** What a user does at that moment. */
  static final Map<String, Consumer<World>> EDITS = new LinkedHashMap<>();

  static {
    EDITS.put(
        "the spec is reverted", w -> w.spec(Lifecycle.C, "{image: \"flink:2.3\", suspend: false}"));
    EDITS.put("the spec changes again", w -> w.spec(Lifecycle.C, "image: flink:2.3-c"));
    EDITS.put("suspend", w -> w.spec(Lifecycle.C, "suspend: true"));
    EDITS.put("delete", w -> w.delete(Lifecycle.C));
    EDITS.put("savepoint token", w -> w.annotate(Lifecycle.C, "savepoint", "at-that-moment"));
    EDITS.put(
        "an invalid spec",
        w -> w.spec(Lifecycle.C, "flinkConfiguration: {rest.port: \"1\"}", false));
  }

  /** What happens to the JobManager at that moment. */
  static final Map<String, Consumer<World>> FAULTS = new LinkedHashMap<>();

  static {
    FAULTS.put("the JobManager's container ends", eachJobManager("killContainer"));
    FAULTS.put("the JobManager is evicted", eachJobManager("evict"));
    FAULTS.put("the JobManager's pod is deleted", eachJobManager("delete"));
    FAULTS.put("the JobManager's node is gone", eachJobManager("loseNode"));
    FAULTS.put(
        "the job fails over",
        w ->
            w.job(Lifecycle.C)
                .filter(SimulatedJob::running)
                .ifPresent(j -> w.flink.failOver(j, "scripted")));
  }

  private CrashPoints() {}

  private static Consumer<World> eachJobManager(String what) {
    return w -> {
      w.fault(what);
      for (var pod : w.jobManagerPods(Lifecycle.C)) {
        String uid = pod.at("/metadata/uid").asText();
        if (!pod.at("/spec/schedulingGates").isEmpty()) {
          continue;
        }
        switch (what) {
          case "killContainer" -> {
            if (pod.at("/status/phase").asText().equals("Running")) {
              w.kubernetes.killContainer(uid);
            }
          }
          case "evict" -> w.kubernetes.evict(uid);
          case "delete" -> w.kubernetes.delete(uid);
          default -> {
            w.kubernetes.loseNode(uid);
            // Somebody sees it after a while, as a cluster autoscaler does.
            w.time.after(120_000, () -> w.kubernetes.force(uid));
          }
        }
      }
    };
  }

  /** Killed before and after each call, its answer lost, and so on. */
  static List<Point> single(Trial reference, List<String> modes) {
    var points = new ArrayList<Point>();
    for (int n = 1; n <= reference.calls.size(); n++) {
      for (String mode : modes) {
        boolean effect = reference.calls.get(n - 1).writes();
        if (effect || mode.equals("killed before") || mode.equals("not sent")) {
          points.add(new Point(reference.lifecycle, n, mode));
        }
      }
    }
    return points;
  }

  static List<String> fates() {
    return List.copyOf(FATES.keySet());
  }

  /** Killed after a call that writes, and the successor at one of its first calls. */
  static List<Point> twice(Trial reference, int next) {
    var points = new ArrayList<Point>();
    for (int n = 1; n <= reference.calls.size(); n++) {
      for (int m = 1; m <= next && reference.calls.get(n - 1).writes(); m++) {
        points.add(new Point(reference.lifecycle, n, "killed after, and the next at call " + m));
      }
    }
    return points;
  }

  /** Killed after a call that writes, and the successor's caches are not equally old. */
  static List<Point> past(Trial reference) {
    return writes(reference, Stream.of(1, 2, 3, 5).map(CrashPoints::shown).toList());
  }

  static String shown(int ago) {
    return "killed after, and the next is shown a FlinkCluster of %d writes ago".formatted(ago);
  }

  static List<Point> frozen(Trial reference) {
    return writes(reference, List.of("frozen while another takes over"));
  }

  static List<Point> writes(Trial reference, Iterable<String> modes) {
    var points = new ArrayList<Point>();
    for (int n = 1; n <= reference.calls.size(); n++) {
      if (reference.calls.get(n - 1).writes()) {
        for (String mode : modes) {
          points.add(new Point(reference.lifecycle, n, mode));
        }
      }
    }
    return points;
  }

  /** Goes through the lifecycle once, disturbed at this point. */
  static Trial run(Point point) {
    return run(point, new World());
  }

  static Trial run(Point point, World world) {
    Lifecycle lifecycle = point.lifecycle();
    String mode = point.mode();
    if (FATES.containsKey(mode)) {
      return Trial.run(
          lifecycle,
          world,
          (w, o) -> call -> call.number() == point.call() ? FATES.get(mode) : Fate.PASSES,
          lifecycle.end());
    }
    if (EDITS.containsKey(mode) || FAULTS.containsKey(mode)) {
      var act = EDITS.getOrDefault(mode, FAULTS.get(mode));
      return Trial.run(
          lifecycle, world, (w, o) -> at(point, () -> act.accept(w)), end(mode, lifecycle));
    }
    if (mode.startsWith("frozen")) {
      return Trial.run(
          lifecycle, world, (w, o) -> at(point, () -> freeze(w, o, lifecycle)), lifecycle.end());
    }
    int next = Integer.parseInt(mode.replaceAll("\\D", ""));
    return Trial.run(
        lifecycle,
        world,
        (w, o) ->
            mode.contains("is shown")
                ? dies(point.call(), () -> showPast(w, next))
                : dies(
                    point.call(),
                    () ->
                        w.beginOperator()
                            .interfere(c -> c.number() == next ? Fate.DIES_AFTER : Fate.PASSES)),
        lifecycle.end());
  }

  /** The process dies after this call, where another has taken over in some way. */
  private static Interference dies(int number, Runnable successor) {
    return call -> {
      if (call.number() != number) {
        return Fate.PASSES;
      }
      successor.run();
      return Fate.DIES_AFTER;
    };
  }

  /** The successor's caches are not equally old: that of FlinkClusters is behind for a while. */
  private static void showPast(World w, int ago) {
    OperatorProcess successor = w.beginOperator();
    var versions =
        w.history.events().stream()
            .filter(Event.Changed.class::isInstance)
            .map(Event.Changed.class::cast)
            .filter(c -> c.kind().equals("flinkclusters"))
            .map(Event.Changed::object)
            .toList();
    if (versions.size() > ago) {
      w.fault("a FlinkCluster of the past is shown");
      successor.showPast((ObjectNode) versions.get(versions.size() - 1 - ago), 5_000);
    }
  }

  private static Interference at(Point point, Runnable act) {
    return call -> {
      if (call.number() == point.call()) {
        act.run();
      }
      return Fate.PASSES;
    };
  }

  /** The leader stands still at its call until another has brought the change to its end. */
  static void freeze(World w, OperatorProcess old, Lifecycle lifecycle) {
    w.history.add(new Event.Operator(w.time.now(), old.name(), "frozen"));
    w.beginOperator();
    w.until(() -> lifecycle.end().test(w), 120_000);
    old.endAfterPass();
    w.history.add(new Event.Operator(w.time.now(), old.name(), "goes-on"));
  }

  private static java.util.function.Predicate<World> end(String mode, Lifecycle lifecycle) {
    return switch (mode) {
      case "delete" ->
          w ->
              w.gone(Lifecycle.C)
                  && w.api.list("pods").isEmpty()
                  && w.api.list("replicasets").isEmpty();
      case "an invalid spec" ->
          w -> refused(w) || lifecycle.end().test(w) && !w.cluster(Lifecycle.C).isPresent();
      default -> w -> session(w) || Lifecycle.asWanted(w);
    };
  }

  private static boolean refused(World w) {
    return w.status(Lifecycle.C).filter(s -> s.path("operation").isMissingNode()).isPresent()
        && w.condition(Lifecycle.C, "ConfigValid", "False");
  }

  private static boolean session(World w) {
    return w.cluster(Lifecycle.C).filter(c -> c.at("/spec/job").isMissingNode()).isPresent()
        && (w.settled(Lifecycle.C, "Running") || w.settled(Lifecycle.C, "Suspended"));
  }
}
