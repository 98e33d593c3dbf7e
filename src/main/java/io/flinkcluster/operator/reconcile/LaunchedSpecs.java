package io.flinkcluster.operator.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.flinkconf.DefaultOptions;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Labels;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The specs of earlier starts, read back from the ConfigMaps that were made for them. What runs is
 * repaired from these, never from a spec that was not started.
 */
final class LaunchedSpecs {
  private static final Logger LOG = LoggerFactory.getLogger(LaunchedSpecs.class);
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL);

  private static final TypeReference<Map<String, String>> OPTIONS = new TypeReference<>() {};

  private LaunchedSpecs() {}

  /** By epoch; a ConfigMap that cannot be read, or whose spec is refused today, is left out. */
  static Map<Long, CheckedCluster> read(FlinkCluster cluster, Collection<ConfigMap> configMaps) {
    var specs = new HashMap<Long, CheckedCluster>();
    for (ConfigMap configMap : configMaps) {
      String epoch = configMap.getMetadata().getLabels().get(Labels.EPOCH);
      if (epoch != null && epoch.matches("[0-9]{1,18}")) {
        spec(cluster, configMap).ifPresent(s -> specs.put(Long.valueOf(epoch), s));
      }
    }
    return specs;
  }

  /** What the operator's defaults were when the start was made, whatever they are now. */
  private static DefaultOptions defaults(ConfigMap configMap) throws JsonProcessingException {
    String json = configMap.getData().get(ClusterNames.DEFAULTS_FILE);
    return json == null
        ? DefaultOptions.NONE
        : DefaultOptions.recorded(MAPPER.readValue(json, OPTIONS));
  }

  private static Optional<CheckedCluster> spec(FlinkCluster cluster, ConfigMap configMap) {
    String json =
        configMap.getData() == null ? null : configMap.getData().get(ClusterNames.SPEC_FILE);
    if (json == null) {
      return Optional.empty();
    }
    try {
      var launched = new FlinkCluster();
      String generation = configMap.getMetadata().getAnnotations().get(Labels.GENERATION);
      launched.setMetadata(
          new ObjectMetaBuilder()
              .withName(cluster.getMetadata().getName())
              .withNamespace(cluster.getMetadata().getNamespace())
              .withUid(cluster.getMetadata().getUid())
              .withGeneration(generation == null ? 0L : Long.parseLong(generation))
              .build());
      launched.setSpec(MAPPER.readValue(json, FlinkClusterSpec.class));
      return AdmissionRules.check(launched, defaults(configMap))
              instanceof Admission.Accepted accepted
          ? Optional.of(accepted.cluster())
          : Optional.empty();
    } catch (JsonProcessingException | NumberFormatException e) {
      LOG.warn("the spec in {} cannot be read back", configMap.getMetadata().getName());
      return Optional.empty();
    }
  }
}
