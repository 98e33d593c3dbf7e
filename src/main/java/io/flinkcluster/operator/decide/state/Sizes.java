package io.flinkcluster.operator.decide.state;

import io.flinkcluster.operator.api.AutoscalingMode;
import io.flinkcluster.operator.api.AutoscalingSpec;
import io.flinkcluster.operator.api.AutoscalingStatus;
import io.flinkcluster.operator.api.SizeStatus;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import java.util.List;
import java.util.Optional;

/**
 * The size of starts that was changed while they ran. The ConfigMap of a start keeps the spec that
 * it was started with; the status alone says what became of its size, in one write.
 */
public final class Sizes {

  private Sizes() {}

  /** The spec of the start of this epoch with the size that it has by now. */
  public static CheckedCluster now(RecordedState recorded, long epoch, CheckedCluster started) {
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

  /** The size that counts in place of that of the spec, which may be the same; empty: none. */
  public static Optional<AutoscalingStatus.Chosen> counting(
      RecordedState recorded, CheckedCluster spec) {
    return recorded
        .autoscaling()
        .flatMap(a -> Optional.ofNullable(a.chosen()))
        .filter(c -> applied(spec) && chosenFor(c, spec));
  }

  /** The spec with the size that was chosen for it; as it is where none counts. */
  static CheckedCluster chosen(RecordedState recorded, CheckedCluster spec) {
    return counting(recorded, spec)
        .map(c -> spec.resized(spec.generation(), c.parallelism(), c.replicas()))
        .orElse(spec);
  }

  /** What is to be carried out: with the size that was chosen, where one was. */
  public static Admission wanted(RecordedState recorded, Admission admission) {
    return admission instanceof Admission.Accepted a
        ? new Admission.Accepted(chosen(recorded, a.cluster()), a.warnings())
        : admission;
  }

  /** Whether the size of the job is to follow its load. */
  public static boolean applied(CheckedCluster spec) {
    AutoscalingSpec autoscaling = spec.spec().autoscaling();
    return spec.job().isPresent()
        && autoscaling != null
        && autoscaling.mode() == AutoscalingMode.Apply;
  }

  /** Whether the user has left the size of the spec as it was when this was chosen. */
  public static boolean chosenFor(AutoscalingStatus.Chosen chosen, CheckedCluster spec) {
    return spec.spec().taskManager().replicas().equals(chosen.specReplicas())
        && spec.spec().taskManager().taskSlots().equals(chosen.specSlots())
        && chosen.specParallelism() == spec.parallelism();
  }

  private static CheckedCluster resized(CheckedCluster spec, Long generation, SizeStatus size) {
    return spec.job().isEmpty()
        ? spec.withTaskManagers(size.taskManagers(), size.parallelism())
        : spec.resized(
            generation == null ? spec.generation() : generation,
            size.parallelism(),
            size.taskManagers());
  }

  /** The size of a spec. */
  public static SizeStatus of(CheckedCluster spec, List<String> fixed) {
    return new SizeStatus(
        spec.parallelism(),
        spec.spec().taskManager().replicas(),
        fixed.isEmpty() ? null : List.copyOf(fixed));
  }

  /** Ids of the vertices whose parallelism the job fixes; null size: none is known. */
  public static List<String> fixed(SizeStatus size) {
    return size == null || size.fixed() == null ? List.of() : size.fixed();
  }
}
