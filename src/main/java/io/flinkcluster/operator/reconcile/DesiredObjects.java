package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.flinkcluster.operator.api.ChildMetadataSpec;
import io.flinkcluster.operator.decide.state.Part;
import io.flinkcluster.operator.decide.state.Run;
import io.flinkcluster.operator.flinkconf.FlinkConfig;
import io.flinkcluster.operator.flinkconf.FlinkConfigRenderer;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.render.ChildMetadata;
import io.flinkcluster.operator.render.CleanupPod;
import io.flinkcluster.operator.render.LaunchObjects;
import io.flinkcluster.operator.render.OperatorIdentity;
import io.flinkcluster.operator.render.StableObjects;
import io.flinkcluster.operator.render.StorageCheckPod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The objects that a decision asks for.
 *
 * @param wanted should exist
 * @param dryRuns would be refused or accepted?
 */
record DesiredObjects(List<HasMetadata> wanted, List<HasMetadata> dryRuns) {

  /**
   * Renders them.
   *
   * @param runs the starts whose objects should exist
   * @param metadata labels and annotations for each of them
   */
  static DesiredObjects of(
      List<Run> runs,
      Optional<CheckedCluster> current,
      ChildMetadataSpec metadata,
      OperatorIdentity operator) {
    var wanted = new ArrayList<HasMetadata>();
    var dryRuns = new ArrayList<HasMetadata>();
    for (Run run : runs) {
      add(run, operator, wanted, dryRuns);
    }
    stable(runs, current, operator).ifPresent(wanted::addAll);
    wanted.forEach(object -> ChildMetadata.put(object, metadata));
    dryRuns.forEach(object -> ChildMetadata.put(object, metadata));
    return new DesiredObjects(wanted, dryRuns);
  }

  private static void add(
      Run run, OperatorIdentity operator, List<HasMetadata> wanted, List<HasMetadata> dryRuns) {
    FlinkConfig config = FlinkConfigRenderer.render(run.spec(), run.launch());
    if (run.parts().contains(Part.CLEANUP)) {
      wanted.add(CleanupPod.of(run.spec(), run.launch(), operator));
    }
    if (run.parts().contains(Part.STORAGE_CHECK)) {
      wanted.add(StorageCheckPod.of(run.spec(), run.launch(), operator));
    }
    if (run.parts().contains(Part.CONFIG)) {
      wanted.add(LaunchObjects.configMap(run.spec(), run.launch(), config));
    }
    if (run.parts().contains(Part.SERVICE)) {
      wanted.add(LaunchObjects.jobManagerService(run.spec(), run.launch()));
    }
    if (run.parts().contains(Part.TASK_MANAGERS)) {
      wanted.add(LaunchObjects.taskManager(run.spec(), run.launch(), config));
    }
    if (run.parts().contains(Part.JOB_MANAGER)) {
      wanted.add(LaunchObjects.jobManager(run.spec(), run.launch(), config, operator));
    } else if (run.tryJobManager()) {
      dryRuns.add(LaunchObjects.jobManager(run.spec(), run.launch(), config, operator));
    }
  }

  /** What outlives a start follows the wanted spec at once; where that is refused, the old one. */
  private static Optional<List<HasMetadata>> stable(
      List<Run> runs, Optional<CheckedCluster> current, OperatorIdentity operator) {
    if (runs.stream().noneMatch(Run::lives)) {
      return Optional.empty();
    }
    Run main = runs.get(0);
    CheckedCluster ports = main.spec();
    CheckedCluster shape = current.filter(c -> c.ports().equals(ports.ports())).orElse(ports);
    return Optional.of(
        StableObjects.of(shape, main.spec(), main.launch().epoch(), main.drainWaits(), operator));
  }
}
