package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.flinkcluster.operator.api.PlacementSpec;
import io.flinkcluster.operator.api.ZonePlacement;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Launch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What {@code spec.placement} makes of a pod. Only pods of the same start are looked at: those of
 * the start before, which still run or end, would bind the next one to a zone that may be full.
 */
final class Placement {
  private static final String ZONE = "topology.kubernetes.io/zone";

  private Placement() {}

  /**
   * All pods of a start in one zone. The scheduler places the first of them anywhere, since it
   * would fulfil its own rule (Kubernetes, "Inter-pod affinity and anti-affinity"); null: no such
   * rule.
   */
  static Affinity affinity(CheckedCluster cluster, Launch launch) {
    if (zones(cluster) != ZonePlacement.Same) {
      return null;
    }
    return new AffinityBuilder()
        .withNewPodAffinity()
        .addNewRequiredDuringSchedulingIgnoredDuringExecution()
        .withTopologyKey(ZONE)
        .withNewLabelSelector()
        .withMatchLabels(ofStart(cluster, launch))
        .endLabelSelector()
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endPodAffinity()
        .build();
  }

  /** The TaskManagers of a start evenly over the zones, where there is room; null: no such rule. */
  static List<TopologySpreadConstraint> spread(
      CheckedCluster cluster, Launch launch, Component component) {
    if (zones(cluster) != ZonePlacement.Spread || component != Component.TASK_MANAGER) {
      return null;
    }
    Map<String, String> labels = ofStart(cluster, launch);
    labels.put(Labels.COMPONENT, component.label());
    return List.of(
        new TopologySpreadConstraintBuilder()
            .withMaxSkew(1)
            .withTopologyKey(ZONE)
            .withWhenUnsatisfiable("ScheduleAnyway")
            .withNewLabelSelector()
            .withMatchLabels(labels)
            .endLabelSelector()
            .build());
  }

  private static ZonePlacement zones(CheckedCluster cluster) {
    return Optional.ofNullable(cluster.spec().placement())
        .map(PlacementSpec::zones)
        .orElse(ZonePlacement.Any);
  }

  private static Map<String, String> ofStart(CheckedCluster cluster, Launch launch) {
    var labels = new TreeMap<String, String>();
    labels.put(Labels.UID, cluster.uid());
    labels.put(Labels.EPOCH, Long.toString(launch.epoch()));
    return labels;
  }
}
