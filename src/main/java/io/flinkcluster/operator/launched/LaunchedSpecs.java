package io.flinkcluster.operator.launched;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.flinkconf.DefaultOptions;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The specs of earlier starts, read back from the ConfigMaps that were made for them. What runs is
 * repaired from these, never from a spec that was not started.
 */
public final class LaunchedSpecs {
  private static final Logger LOG = LoggerFactory.getLogger(LaunchedSpecs.class);
  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL);

  private static final TypeReference<Map<String, String>> OPTIONS = new TypeReference<>() {};

  private LaunchedSpecs() {}

  /**
   * By epoch; a ConfigMap that is not the cluster's own or cannot be read, or whose spec is refused
   * today, is left out. So is one whose spec the status does not know: whoever may write ConfigMaps
   * would else choose the image and the service account of what is repaired or gone back to. Only
   * where the status knows of no start at all is every spec returned, which then tells no more than
   * that there was such a start.
   */
  public static Map<Long, CheckedCluster> read(
      FlinkCluster cluster, Collection<ConfigMap> configMaps) {
    var specs = new HashMap<Long, CheckedCluster>();
    RecordedState recorded = RecordedState.of(cluster.getStatus());
    for (ConfigMap configMap : configMaps) {
      OptionalLong epoch = ObjectOwner.epoch(configMap);
      if (epoch.isPresent() && ObjectOwner.is(configMap, cluster.getMetadata().getUid())) {
        spec(cluster, configMap)
            .filter(s -> isKnown(recorded, epoch.getAsLong(), s, configMap))
            .ifPresent(s -> specs.put(epoch.getAsLong(), s));
      }
    }
    return specs;
  }

  private static boolean isKnown(
      RecordedState recorded, long epoch, CheckedCluster spec, ConfigMap configMap) {
    List<RecordedStart> starts = RecordedStart.of(recorded);
    List<RecordedStart> same = starts.stream().filter(r -> r.epoch() == epoch).toList();
    if (starts.isEmpty() || same.stream().anyMatch(r -> r.ran(spec))) {
      return true;
    }
    if (!same.isEmpty()) {
      LOG.warn(
          "{}/{}: the spec in the ConfigMap {} is not the one that was started: somebody has"
              + " written to it, and it is not used. Find out who may write ConfigMaps in this"
              + " namespace",
          configMap.getMetadata().getNamespace(),
          ObjectOwner.cluster(configMap).orElse(""),
          configMap.getMetadata().getName());
    }
    return false;
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
