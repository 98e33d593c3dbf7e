package io.flinkcluster.operator.decide.rehearsal;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.Part;
import io.flinkcluster.operator.decide.state.Run;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.CloudIdentity;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.NodeProtection;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.ObservedPod.Preparation;
import io.flinkcluster.operator.model.ObservedStorageCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A world where every pod that is wanted comes up at once, and no other stays. */
final class WorldAsWished {
  private static final String ADDRESS = "192.0.2.1";

  private final List<ObservedPod> pods = new ArrayList<>();
  private final Map<Long, CheckedCluster> specs = new HashMap<>();
  private final FlinkAsWished flink = new FlinkAsWished();
  private Instant now;

  private final List<ObservedStorageCheck> checks = new ArrayList<>();

  private WorldAsWished(Instant now) {
    this.now = now;
  }

  /** The start that is recorded runs, unless it was stopped. */
  static WorldAsWished before(Situation s) {
    var world = new WorldAsWished(s.now());
    s.recorded()
        .launch()
        .filter(l -> l.stoppedAt() == null)
        .ifPresent(launch -> s.running().ifPresent(spec -> world.runs(launch, spec)));
    return world;
  }

  private void runs(LaunchStatus launch, CheckedCluster spec) {
    String uid = launch.jobManagerPod() == null ? "jobmanager" : launch.jobManagerPod();
    pods.add(pod(Component.JOB_MANAGER, launch.epoch(), "jobmanager", uid, false, false));
    specs.put(launch.epoch(), spec);
    scale(launch.epoch(), spec.spec().taskManager().replicas());
    flink.runs(launch, spec, Instant.EPOCH);
  }

  /** Time goes by. */
  void pass(Duration time) {
    now = now.plus(time);
  }

  /** The same situation with what would be seen now. */
  Situation seen(Situation s) {
    var launched = new HashMap<>(s.launched());
    launched.putAll(specs);
    var seen =
        new Observation(
                now,
                List.copyOf(pods),
                List.of(),
                s.recorded().launch().filter(this::jobManagerRuns).flatMap(this::told),
                pods.stream()
                    .noneMatch(
                        p -> p.component() == Component.JOB_MANAGER && p.epoch() < starting(s)),
                List.of(),
                s.recorded().launch().isEmpty() ? s.seen().finalSavepoint() : Optional.empty())
            .withStorageChecks(checks)
            .withPodsConfirmed(true);
    return new Situation(
        s.names(),
        s.uid(),
        s.generation(),
        s.admission(),
        launched,
        s.recorded(),
        seen,
        s.wishes(),
        List.of());
  }

  private static long starting(Situation s) {
    return s.recorded().operation().map(o -> o.epoch()).orElse(Long.MAX_VALUE);
  }

  private boolean jobManagerRuns(LaunchStatus launch) {
    return pods.stream()
        .anyMatch(
            p ->
                p.component() == Component.JOB_MANAGER
                    && p.epoch() == launch.epoch()
                    && p.running());
  }

  private Optional<io.flinkcluster.operator.model.FlinkObservation> told(LaunchStatus launch) {
    if (!flink.knows(launch.epoch())) {
      flink.runs(launch, specs.get(launch.epoch()), now);
    }
    var taskManagers =
        pods.stream()
            .filter(p -> p.component() == Component.TASK_MANAGER && p.epoch() == launch.epoch())
            .map(ObservedPod::name)
            .toList();
    return Optional.of(flink.told(launch, taskManagers, now));
  }

  /** What was decided is done. */
  void follow(Decision decision) {
    checks.clear();
    for (Run run : decision.runs()) {
      if (run.parts().contains(Part.STORAGE_CHECK)) {
        String pod = run.spec().names().storageCheck(run.spec().uid(), run.launch().epoch());
        checks.add(new ObservedStorageCheck(pod, true, true, List.of()));
      }
      long epoch = run.launch().epoch();
      specs.putIfAbsent(epoch, run.spec());
      if (run.parts().contains(Part.JOB_MANAGER)) {
        jobManager(epoch, run);
      } else {
        pods.removeIf(p -> p.epoch() == epoch && p.component() == Component.JOB_MANAGER);
      }
      scale(
          epoch,
          run.parts().contains(Part.TASK_MANAGERS)
              ? run.spec().spec().taskManager().replicas()
              : 0);
    }
    Set<Long> wanted =
        decision.runs().stream()
            .map(r -> r.launch().epoch())
            .collect(java.util.stream.Collectors.toSet());
    pods.removeIf(p -> !wanted.contains(p.epoch()) && !decision.keep().contains(p.epoch()));
    decision.actions().forEach(this::act);
  }

  private void jobManager(long epoch, Run run) {
    boolean exists =
        pods.stream().anyMatch(p -> p.component() == Component.JOB_MANAGER && p.epoch() == epoch);
    if (!exists) {
      String name = "jobmanager-" + epoch;
      boolean waits = run.spec().startsOnce();
      ObservedPod pod = pod(Component.JOB_MANAGER, epoch, name, name, waits, false);
      pods.add(run.launch().prepared() ? pod.withPreparation(Preparation.READY) : pod);
    }
  }

  private void scale(long epoch, int count) {
    List<ObservedPod> there =
        new ArrayList<>(
            pods.stream()
                .filter(p -> p.component() == Component.TASK_MANAGER && p.epoch() == epoch)
                .toList());
    for (int i = 0; there.size() < count; i++) {
      String name = "taskmanager-" + epoch + "-" + i;
      if (there.stream().noneMatch(p -> p.name().equals(name))) {
        ObservedPod pod = pod(Component.TASK_MANAGER, epoch, name, name, false, false);
        there.add(pod);
        pods.add(pod);
      }
    }
    there.sort(java.util.Comparator.comparing(p -> !p.goesFirst()));
    pods.removeAll(there.subList(0, Math.max(0, there.size() - count)));
  }

  private void act(Action action) {
    if (action instanceof Action.RemoveSchedulingGate let) {
      begins(let.pod());
    } else if (action instanceof Action.ReleaseJobManager released) {
      begins(released.pod());
    } else if (action instanceof Action.MarkPods marks) {
      pods.replaceAll(p -> marked(p, marks));
    } else {
      flink.act(action, now);
    }
  }

  private void begins(String name) {
    pods.replaceAll(
        p ->
            p.name().equals(name)
                ? pod(p.component(), p.epoch(), p.name(), p.uid(), false, false)
                : p);
  }

  private static ObservedPod marked(ObservedPod p, Action.MarkPods marks) {
    boolean changes = marks.first().contains(p.name()) || marks.others().contains(p.name());
    return changes
        ? pod(p.component(), p.epoch(), p.name(), p.uid(), false, marks.first().contains(p.name()))
        : p;
  }

  private static ObservedPod pod(
      Component component, long epoch, String name, String uid, boolean gated, boolean goesFirst) {
    boolean runs = !gated;
    return new ObservedPod(
        name,
        uid,
        component,
        epoch,
        gated,
        runs,
        runs,
        false,
        0,
        runs ? Optional.of(ADDRESS) : Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        runs,
        false,
        goesFirst,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        CloudIdentity.NODE,
        List.of(),
        Preparation.NONE,
        NodeProtection.NONE);
  }
}
