package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.flinkcluster.operator.flinkconf.FlinkConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * How the options whose values stand in Secrets reach Flink: as files named after the options,
 * which {@code start.sh} adds to a copy of the configuration in the pod's memory.
 */
final class SecretOptions {

  /** One file per option. */
  static final String DIR = "/flinkcluster/options";

  /** The copy of the configuration. */
  static final String CONF_DIR = "/flinkcluster/conf";

  static final String VOLUME = "flinkcluster-options";
  static final String CONF_VOLUME = "flinkcluster-conf";

  private SecretOptions() {}

  /** The files; readable by the pod's group, which the kubelet insists on. */
  static Volume volume(FlinkConfig config) {
    var bySecret = new TreeMap<String, List<KeyToPath>>();
    config
        .secrets()
        .forEach(
            (option, reference) ->
                bySecret
                    .computeIfAbsent(reference.secret(), name -> new ArrayList<>())
                    .add(new KeyToPath(reference.key(), null, option)));
    return new VolumeBuilder()
        .withName(VOLUME)
        .withNewProjected()
        .withDefaultMode(0440)
        .withSources(
            bySecret.entrySet().stream().map(e -> source(e.getKey(), e.getValue())).toList())
        .endProjected()
        .build();
  }

  private static VolumeProjection source(String secret, List<KeyToPath> items) {
    return new VolumeProjectionBuilder()
        .withSecret(new SecretProjection(items, secret, null))
        .build();
  }
}
