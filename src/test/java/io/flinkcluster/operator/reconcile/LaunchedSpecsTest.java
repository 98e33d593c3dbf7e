package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.admit.Resource;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.flinkconf.DefaultOptions;
import io.flinkcluster.operator.flinkconf.FlinkConfigRenderer;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.render.LaunchObjects;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaunchedSpecsTest {

  private static final Launch LAUNCH = new Launch(4, Optional.empty(), Optional.empty());
  private static final FlinkCluster RESOURCE =
      Resource.with(
          "{flinkConfiguration: {restart-strategy: none, s3.secret-key: '${secret:a/b}'}}");

  @Test
  void aStartIsRepairedWithTheDefaultsItWasMadeWith() {
    CheckedCluster started =
        checked(new DefaultOptions(Map.of("heartbeat.timeout", "80 s"), Map.of()));

    CheckedCluster read = readBack(started);

    assertThat(read).isEqualTo(started);
    assertThat(FlinkConfigRenderer.render(read, LAUNCH).toYaml())
        .contains("heartbeat.timeout: \"80 s\"");
  }

  @Test
  void aStartWithoutDefaultsTakesUpNoneLater() {
    CheckedCluster started = checked(DefaultOptions.NONE);

    assertThat(readBack(started)).isEqualTo(started);
    assertThat(configMap(started)).doesNotContainKey(ClusterNames.DEFAULTS_FILE);
  }

  @Test
  void everyOptionIsToldWithWhereItComesFromAndNothingSecret() {
    String told =
        configMap(checked(new DefaultOptions(Map.of("heartbeat.timeout", "80 s"), Map.of())))
            .get(ClusterNames.EFFECTIVE_FILE);

    assertThat(told.lines())
        .contains(
            "heartbeat.timeout: \"80 s\" # operator settings",
            "restart-strategy.type: \"none\" # spec.flinkConfiguration",
            "s3.secret-key: \"${secret:a/b}\" # spec.flinkConfiguration");
  }

  private static CheckedCluster checked(DefaultOptions defaults) {
    return ((Admission.Accepted) AdmissionRules.check(RESOURCE, defaults)).cluster();
  }

  private static Map<String, String> configMap(CheckedCluster cluster) {
    var config = FlinkConfigRenderer.render(cluster, LAUNCH);
    return LaunchObjects.configMap(cluster, LAUNCH, config).getData();
  }

  private static CheckedCluster readBack(CheckedCluster cluster) {
    var config = FlinkConfigRenderer.render(cluster, LAUNCH);
    var configMap = LaunchObjects.configMap(cluster, LAUNCH, config);
    return LaunchedSpecs.read(RESOURCE, List.of(configMap)).get(4L);
  }
}
