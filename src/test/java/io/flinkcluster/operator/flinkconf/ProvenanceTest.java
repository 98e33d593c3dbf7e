package io.flinkcluster.operator.flinkconf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.admit.Resource;
import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who said what: the operator's profile and settings, the user, the fields, the operator alone. */
class ProvenanceTest {

  private static final DefaultOptions DEFAULTS =
      new DefaultOptions(
          Map.of(
              "state.backend.incremental", "true",
              "heartbeat.timeout", "80 s",
              "web.cancel.enable", "true",
              "cluster.evenly-spread-out-slots", "true",
              "parallelism.default", "7"),
          Map.of(FlinkVersion.V2_3, Map.of("heartbeat.timeout", "90 s")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          execution.checkpointing.incremental: "true" # operator settings
          heartbeat.timeout: "70 s" # spec.flinkConfiguration
          web.cancel.enable: "true" # operator settings
          blob.server.port: "7124" # spec.ports.blob
          parallelism.default: "1" # spec.taskManager (replicas times taskSlots)
          execution.buffer-timeout.interval: "5 ms" # spec.bufferTimeout
          cluster.registration.error-delay: "300 ms" # operator, unless told otherwise
          jobmanager.bind-host: "0.0.0.0" # operator
          s3.secret-key: "${secret:s3/key}" # spec.flinkConfiguration
          """)
  void everyOptionSaysWhereItsValueComesFrom(String line) {
    assertThat(effective().lines()).contains(line);
  }

  @Test
  void theDescriptionIsYamlOfEveryOption() throws Exception {
    var config = FlinkConfigRenderer.render(cluster("{}"), launch());
    JsonNode values = new YAMLMapper().valueToTree(config.values());

    assertThat(new YAMLMapper().readTree(config.describe()).equals(values)).isTrue();
  }

  @Test
  void anOptionThatTheVersionRemovedIsNotAmongItsDefaults() {
    assertThat(DEFAULTS.of(FlinkVersion.V2_3))
        .isEqualTo(
            Map.of(
                "execution.checkpointing.incremental", "true",
                "heartbeat.timeout", "90 s",
                "web.cancel.enable", "true",
                "parallelism.default", "7"));
    assertThat(DEFAULTS.of(FlinkVersion.V1_20))
        .containsEntry("cluster.evenly-spread-out-slots", "true")
        .containsEntry("heartbeat.timeout", "80 s");
  }

  @Test
  void defaultsThatChangeRestartNothing() {
    assertThat(cluster("{}").fingerprint()).isEqualTo(Resource.checked("{}").fingerprint());
  }

  @Test
  void whatWasRecordedGivesTheSameConfigurationWhateverTheDefaultsAreNow() {
    var started = cluster("{flinkConfiguration: {akka.ask.timeout: 9 s}}");

    var repaired =
        ((Admission.Accepted)
                AdmissionRules.check(
                    Resource.with("{flinkConfiguration: {akka.ask.timeout: 9 s}}"),
                    DefaultOptions.recorded(started.defaults())))
            .cluster();

    assertThat(repaired).isEqualTo(started);
    assertThat(FlinkConfigRenderer.render(repaired, launch()))
        .isEqualTo(FlinkConfigRenderer.render(started, launch()));
  }

  @Test
  void memoryIsDividedWithTheDefaultsInMind() {
    var defaults = new DefaultOptions(Map.of("taskmanager.memory.managed.size", "1g"), Map.of());
    var change = "{taskManager: {resources: {limits: {memory: 1Gi}}}}";

    List<Problem> problems =
        ((Admission.Refused) AdmissionRules.check(Resource.with(change), defaults)).problems();

    assertThat(problems)
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("1024Mi managed memory");
    assertThat(
            AdmissionRules.check(
                Resource.with(change, "{flinkConfiguration: {taskmanager.memory.size: 64m}}"),
                defaults))
        .isInstanceOf(Admission.Accepted.class);
  }

  @Test
  void aCollectorInTheDefaultsIsTheOnlyOne() {
    var defaults = new DefaultOptions(Map.of("env.java.opts.all", "-XX:+UseZGC"), Map.of());
    var cluster =
        ((Admission.Accepted) AdmissionRules.check(Resource.with("{}"), defaults)).cluster();

    assertThat(FlinkConfigRenderer.render(cluster, launch()).toYaml()).doesNotContain("UseG1GC");
  }

  private static String effective() {
    return FlinkConfigRenderer.render(
            cluster(
                "{bufferTimeout: 5ms, ports: {blob: 7124}, flinkConfiguration: {heartbeat.timeout:"
                    + " 70 s, s3.secret-key: '${secret:s3/key}'}}"),
            launch())
        .describe();
  }

  private static CheckedCluster cluster(String change) {
    return ((Admission.Accepted) AdmissionRules.check(Resource.with(change), DEFAULTS)).cluster();
  }

  private static Launch launch() {
    return new Launch(1, Optional.of("0".repeat(32)), Optional.empty());
  }
}
