package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.ChildMetadataSpec;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.decide.state.Run;
import io.flinkcluster.operator.flinkconf.DefaultOptions;
import io.flinkcluster.operator.launched.LaunchedSpecs;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.render.OperatorIdentity;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the walk works out from values alone: the same values always give the same. So a world that
 * goes through the same cluster thousands of times may remember it.
 */
class Derivations {

  /** Remembers nothing, and so has no state. */
  static final Derivations PLAIN = new Derivations();

  /** Whether a spec can be carried out. */
  Admission admission(FlinkCluster cluster, DefaultOptions defaults) {
    return AdmissionRules.check(cluster, defaults);
  }

  /** The specs of earlier starts. */
  Map<Long, CheckedCluster> launched(FlinkCluster cluster, Collection<ConfigMap> configMaps) {
    return LaunchedSpecs.read(cluster, configMaps);
  }

  /** The objects that should exist; they may be changed. */
  DesiredObjects objects(
      List<Run> runs,
      Optional<CheckedCluster> current,
      ChildMetadataSpec metadata,
      OperatorIdentity operator) {
    return DesiredObjects.of(runs, current, metadata, operator);
  }
}
