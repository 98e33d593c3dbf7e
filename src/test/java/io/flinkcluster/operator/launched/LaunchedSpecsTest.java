package io.flinkcluster.operator.launched;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.admit.Resource;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.SizeStatus;
import io.flinkcluster.operator.flinkconf.DefaultOptions;
import io.flinkcluster.operator.flinkconf.FlinkConfigRenderer;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Labels;
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

  @Test
  void aSpecThatTheStatusDoesNotKnowIsNotBelieved() {
    CheckedCluster started = checked(DefaultOptions.NONE);
    var forged = configMap(started, 4);
    forged
        .getData()
        .computeIfPresent(ClusterNames.SPEC_FILE, (k, v) -> v.replace("flink:", "evil:"));
    assertThat(forged.getData().get(ClusterNames.SPEC_FILE)).contains("evil:");

    assertThat(LaunchedSpecs.read(launched(4L, started.fingerprint(), null), List.of(forged)))
        .isEmpty();
    assertThat(
            LaunchedSpecs.read(
                launched(4L, started.fingerprint(), null), List.of(configMap(started, 4))))
        .containsOnlyKeys(4L);
  }

  @Test
  void aStartThatTheStatusDoesNotKnowIsLeftOut() {
    CheckedCluster started = checked(DefaultOptions.NONE);

    assertThat(
            LaunchedSpecs.read(
                launched(5L, started.fingerprint(), null), List.of(configMap(started, 4))))
        .isEmpty();
    assertThat(LaunchedSpecs.read(RESOURCE, List.of(configMap(started, 4)))).containsOnlyKeys(4L);
  }

  @Test
  void aStartThatWasRescaledInPlaceIsKnownByItsPresentSize() {
    FlinkCluster resource = Resource.with("{rescale: {mode: InPlace}}");
    CheckedCluster started =
        ((Admission.Accepted) AdmissionRules.check(resource, DefaultOptions.NONE)).cluster();
    String now = started.resized(9, 3, 3).fingerprint();
    assertThat(now).isNotEqualTo(started.fingerprint());

    assertThat(
            LaunchedSpecs.read(
                launched(4L, now, new SizeStatus(3, 3, null)), List.of(configMap(started, 4))))
        .containsOnlyKeys(4L);
    assertThat(LaunchedSpecs.read(launched(4L, now, null), List.of(configMap(started, 4))))
        .isEmpty();
  }

  @Test
  void whatAnEarlierClusterOfTheNameStartedIsNotTakenForItsOwn() {
    var former = configMap(checked(DefaultOptions.NONE), 4);
    former.getMetadata().getLabels().put(Labels.UID, "another");

    assertThat(LaunchedSpecs.read(RESOURCE, List.of(former))).isEmpty();
  }

  /** The resource with a status that knows one start. */
  private static FlinkCluster launched(Long epoch, String fingerprint, SizeStatus size) {
    var resource = new FlinkCluster();
    resource.setMetadata(RESOURCE.getMetadata());
    resource.setSpec(RESOURCE.getSpec());
    var launch = new LaunchStatus(epoch, null, fingerprint, 3L, null, null, null, null);
    resource.setStatus(
        new ObjectMapper()
            .convertValue(Map.of("launch", launch.withSize(size)), FlinkClusterStatus.class));
    return resource;
  }

  private static ConfigMap configMap(CheckedCluster cluster, long epoch) {
    var launch = new Launch(epoch, Optional.empty(), Optional.empty());
    return LaunchObjects.configMap(cluster, launch, FlinkConfigRenderer.render(cluster, launch));
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
