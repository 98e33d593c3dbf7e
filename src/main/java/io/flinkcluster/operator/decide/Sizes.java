package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.SizeStatus;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedScaling;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The size of starts that were rescaled in place. The ConfigMap of a start keeps the spec that it
 * was started with; the status alone says what became of its size, in one write.
 */
final class Sizes {

  private Sizes() {}

  /** The spec of the start of this epoch with the size that it has by now. */
  static CheckedCluster now(RecordedState recorded, long epoch, CheckedCluster started) {
    var launch = recorded.launch().filter(l -> l.epoch() == epoch && l.size() != null);
    if (launch.isPresent()) {
      return resized(started, launch.get().generation(), launch.get().size());
    }
    return recorded
        .lastStable()
        .filter(l -> l.epoch() != null && l.epoch() == epoch && l.size() != null)
        .map(l -> resized(started, l.generation(), l.size()))
        .orElse(started);
  }

  private static CheckedCluster resized(CheckedCluster spec, Long generation, SizeStatus size) {
    return spec.job().isEmpty()
        ? spec
        : spec.resized(
            generation == null ? spec.generation() : generation,
            size.parallelism(),
            size.taskManagers());
  }

  /** The size of a spec. */
  static SizeStatus of(CheckedCluster spec, List<String> fixed) {
    return new SizeStatus(
        spec.parallelism(),
        spec.spec().taskManager().replicas(),
        fixed.isEmpty() ? null : List.copyOf(fixed));
  }

  static List<String> fixed(SizeStatus size) {
    return size == null || size.fixed() == null ? List.of() : size.fixed();
  }

  /**
   * The vertices whose parallelism the job's code fixes: those known as such, and those that differ
   * now from the job's own.
   */
  static List<String> fixed(Situation s, SizeStatus before, int parallelism) {
    var fixed = new TreeSet<>(fixed(before));
    for (ObservedScaling.Vertex vertex : vertices(s)) {
      if (vertex.bounds().upper() != Math.min(parallelism, vertex.maxParallelism())) {
        fixed.add(vertex.id());
      }
    }
    return new ArrayList<>(fixed);
  }

  static List<ObservedScaling.Vertex> vertices(Situation s) {
    long epoch = s.recorded().launch().orElseThrow().epoch();
    return s.seen()
        .flink()
        .filter(f -> f.epoch() == epoch)
        .map(f -> f.scaling().vertices())
        .orElse(List.of());
  }
}
