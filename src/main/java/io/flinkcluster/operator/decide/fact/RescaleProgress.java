package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.SizeStatus;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.state.Sizes;
import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.ObservedScaling;
import io.flinkcluster.operator.model.ObservedTaskManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How far a running job is from a size, and what is next on the way there. TaskManagers come first
 * and go last: none is taken away before the job runs without it.
 */
public record RescaleProgress(Situation s, LaunchStatus launch, SizeStatus size) {

  /** How long slots that the job left are waited for to be given back. */
  private static final Duration GIVE_BACK = Duration.ofSeconds(15);

  private List<ObservedScaling.Vertex> vertices() {
    return vertices(s);
  }

  private static List<ObservedScaling.Vertex> vertices(Situation s) {
    long epoch = s.launch().epoch();
    return s.seen()
        .flink()
        .filter(f -> f.epoch() == epoch)
        .map(f -> f.scaling().vertices())
        .orElse(List.of());
  }

  /**
   * The vertices whose parallelism the job's code fixes: those known as such, and those that differ
   * now from the job's own.
   *
   * @param before the size that is known; null: none
   */
  public static List<String> fixed(Situation s, SizeStatus before, int parallelism) {
    var fixed = new TreeSet<>(Sizes.fixed(before));
    for (ObservedScaling.Vertex vertex : vertices(s)) {
      if (vertex.bounds().upper() != Math.min(parallelism, vertex.maxParallelism())) {
        fixed.add(vertex.id());
      }
    }
    return List.copyOf(fixed);
  }

  /** Whether Flink has told what the job may have. */
  public boolean known() {
    return !vertices().isEmpty();
  }

  /** What every vertex is to have. */
  public SortedMap<String, Bounds> bounds() {
    var fixed = Sizes.fixed(size);
    var bounds = new TreeMap<String, Bounds>();
    for (ObservedScaling.Vertex vertex : vertices()) {
      int upper =
          fixed.contains(vertex.id())
              ? vertex.bounds().upper()
              : Math.min(size.parallelism(), vertex.maxParallelism());
      bounds.put(vertex.id(), new Bounds(Math.min(vertex.bounds().lower(), upper), upper));
    }
    return bounds;
  }

  /** Whether Flink has taken this size as what is required. */
  public boolean required() {
    var bounds = bounds();
    return known() && vertices().stream().allMatch(v -> v.bounds().equals(bounds.get(v.id())));
  }

  /** Whether all vertices run with the parallelism that they are to have. */
  public boolean reached() {
    return required()
        && job()
            .filter(ObservedJob::allTasksRunning)
            .filter(j -> j.tasksTotal() == tasks())
            .isPresent();
  }

  private int tasks() {
    return bounds().values().stream().mapToInt(Bounds::upper).sum();
  }

  private Optional<ObservedJob> job() {
    return LaunchFacts.job(s, launch);
  }

  private List<ObservedPod> pods() {
    return s.seen().pods(Component.TASK_MANAGER, launch.epoch()).stream()
        .filter(p -> p.running() && !p.deleting())
        .toList();
  }

  private Map<String, ObservedTaskManager> registered() {
    return s
        .seen()
        .flink()
        .filter(f -> f.epoch() == launch.epoch())
        .map(FlinkObservation::taskManagers)
        .orElse(List.of())
        .stream()
        .collect(Collectors.toMap(ObservedTaskManager::id, Function.identity(), (a, b) -> a));
  }

  /** Slots of TaskManagers that Flink knows and that still run. */
  public int slots() {
    var registered = registered();
    return pods().stream()
        .map(p -> registered.get(p.name()))
        .filter(t -> t != null)
        .mapToInt(ObservedTaskManager::slots)
        .sum();
  }

  /** Whether all TaskManagers of this size have registered. */
  public boolean capacity() {
    var registered = registered();
    long there = pods().stream().filter(p -> registered.containsKey(p.name())).count();
    return there >= size.taskManagers() && slots() >= size.parallelism();
  }

  /** {@code requested 8, running 6, waiting for 2 slots}; empty where no slot is missing. */
  public Optional<String> shortfall() {
    int missing = size.parallelism() - slots();
    int running =
        job().filter(ObservedJob::allTasksRunning).map(ObservedJob::parallelism).orElse(0);
    return missing <= 0
        ? Optional.empty()
        : Optional.of(
            "requested %d, running %d, waiting for %d slot%s"
                .formatted(size.parallelism(), running, missing, missing == 1 ? "" : "s"));
  }

  /** The pods that the job can do without, those without tasks first. */
  private List<ObservedPod> surplus() {
    var registered = registered();
    var order =
        Comparator.comparing((ObservedPod p) -> used(registered, p))
            .thenComparing(p -> !p.goesFirst())
            .thenComparing(ObservedPod::name);
    int count = Math.max(0, pods().size() - size.taskManagers());
    return pods().stream().sorted(order).limit(count).toList();
  }

  private static int used(Map<String, ObservedTaskManager> registered, ObservedPod pod) {
    ObservedTaskManager seen = registered.get(pod.name());
    return seen == null ? 0 : seen.slots() - seen.freeSlots();
  }

  /** Whether the TaskManagers that are too many hold no task any more, or hold on for too long. */
  private boolean released() {
    var registered = registered();
    boolean free = surplus().stream().allMatch(p -> used(registered, p) == 0);
    boolean patient =
        job()
            .flatMap(ObservedJob::tasksRunningSince)
            .filter(since -> since.plus(GIVE_BACK).isAfter(s.seen().at()))
            .isPresent();
    return free || !patient;
  }

  private Action.MarkPods marks() {
    var first = new ArrayList<String>();
    var others = new ArrayList<String>();
    var surplus = surplus();
    for (ObservedPod pod : pods()) {
      boolean goes = surplus.contains(pod);
      if (goes != pod.goesFirst()) {
        (goes ? first : others).add(pod.name());
      }
    }
    return new Action.MarkPods(first, others);
  }

  /** Whether nothing is left to be done but to remove TaskManagers that the job does not use. */
  public boolean done() {
    var marks = marks();
    boolean marked = marks.first().isEmpty() && marks.others().isEmpty();
    return reached() && (surplus().isEmpty() || (released() && marked));
  }

  /** How many TaskManagers there should be now. */
  public int taskManagers() {
    return done() ? size.taskManagers() : Math.max(size.taskManagers(), pods().size());
  }

  /** What Flink and Kubernetes are to be asked now. */
  public List<Action> actions() {
    if (!known() || job().filter(j -> !j.ended()).isEmpty()) {
      return List.of();
    }
    if (!required()) {
      return List.of(new Action.Require(launch.jobId(), bounds()));
    }
    if (reached() && !surplus().isEmpty() && released()) {
      var marks = marks();
      return marks.first().isEmpty() && marks.others().isEmpty() ? List.of() : List.of(marks);
    }
    return List.of();
  }
}
