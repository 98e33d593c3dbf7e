package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.flinkconf.DefaultOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OperatorSettingsTest {
  private static final Map<String, String> LEAST =
      Map.of("POD_NAMESPACE", "operators", "POD_NAME", "operator-1");

  @Test
  void ofTheEnvironmentOnlyThePodIsRequired() {
    assertThat(OperatorSettings.from(LEAST))
        .isEqualTo(
            new OperatorSettings(
                Set.of(),
                "operators",
                "operator-1",
                true,
                "flinkcluster-operator",
                8080,
                16,
                Map.of("app.kubernetes.io/name", "flinkcluster-operator"),
                "flinkcluster-operator",
                false,
                DefaultOptions.NONE));
  }

  @Test
  void defaultsOfFlinkAreReadForAllVersionsAndForOne() {
    var defaults =
        OperatorSettings.from(
                with(
                    Map.of(
                        "DEFAULT_FLINK_CONFIGURATION",
                        "{\"taskmanager.memory.managed.fraction\":\"0.2\",\"state.backend.async\":\"true\"}",
                        "DEFAULT_FLINK_CONFIGURATION_BY_VERSION",
                        "{\"2.3\":{\"taskmanager.memory.managed.fraction\":0.3}}")))
            .defaults();

    assertThat(defaults.of(FlinkVersion.V1_20))
        .isEqualTo(
            Map.of("taskmanager.memory.managed.fraction", "0.2", "state.backend.async", "true"));
    assertThat(defaults.of(FlinkVersion.V2_3))
        .isEqualTo(Map.of("taskmanager.memory.managed.fraction", "0.3"));
  }

  @Test
  void wrongDefaultsOfFlinkAreNamedAndNoSecretIsRepeated() {
    assertThatThrownBy(
            () ->
                OperatorSettings.from(
                    with(
                        Map.of(
                            "DEFAULT_FLINK_CONFIGURATION",
                            "{\"taskmanager.memory.manged.size\":\"1g\",\"rest.port\":\"1\","
                                + "\"s3.secret-key\":\"hunter2\",\"heartbeat.timeout\":\"soon\"}",
                            "DEFAULT_FLINK_CONFIGURATION_BY_VERSION",
                            "{\"2.3\":{\"state.backend.async\":\"true\"},\"3.0\":{}}"))))
        .hasMessageContainingAll(
            "DEFAULT_FLINK_CONFIGURATION.taskmanager.memory.manged.size",
            "write taskmanager.memory.managed.size",
            "DEFAULT_FLINK_CONFIGURATION.rest.port",
            "DEFAULT_FLINK_CONFIGURATION.s3.secret-key",
            "DEFAULT_FLINK_CONFIGURATION.heartbeat.timeout (soon)",
            "DEFAULT_FLINK_CONFIGURATION_BY_VERSION.2.3.state.backend.async",
            "DEFAULT_FLINK_CONFIGURATION_BY_VERSION holds '3.0', no version")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(
            () -> OperatorSettings.from(with(Map.of("DEFAULT_FLINK_CONFIGURATION", "hunter2"))))
        .hasMessageContaining("DEFAULT_FLINK_CONFIGURATION is not the JSON of options and values")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void everyVariableIsRead() {
    var settings =
        OperatorSettings.from(
            with(
                Map.of(
                    "WATCH_NAMESPACES", " a, b ,",
                    "LEADER_ELECTION", "false",
                    "LEASE_NAME", "mine",
                    "HTTP_PORT", "0",
                    "RECONCILE_THREADS", "4",
                    "OPERATOR_LABELS", "a=b,c=")));
    assertThat(settings.watchNamespaces()).containsExactlyInAnyOrder("a", "b");
    assertThat(settings.leaderElection()).isFalse();
    assertThat(settings.leaseName()).isEqualTo("mine");
    assertThat(settings.httpPort()).isZero();
    assertThat(settings.reconcileThreads()).isEqualTo(4);
    assertThat(settings.operatorLabels()).isEqualTo(Map.of("a", "b", "c", ""));
  }

  @Test
  void aBlankVariableCountsAsNotGiven() {
    assertThat(OperatorSettings.from(with(Map.of("WATCH_NAMESPACES", "", "HTTP_PORT", " "))))
        .isEqualTo(OperatorSettings.from(LEAST));
  }

  @Test
  void allProblemsAreNamedAtOnce() {
    assertThatThrownBy(
            () ->
                OperatorSettings.from(
                    Map.of(
                        "WATCH_NAMESPACES", "ok,Not_ok",
                        "LEADER_ELECTION", "yes",
                        "HTTP_PORT", "70000",
                        "RECONCILE_THREADS", "0",
                        "OPERATOR_LABELS", "nonsense")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "WATCH_NAMESPACES holds 'Not_ok'",
            "LEADER_ELECTION must be true or false, not 'yes'",
            "HTTP_PORT must be a number from 0 to 65535, not '70000'",
            "RECONCILE_THREADS must be a number from 1 to 256, not '0'",
            "OPERATOR_LABELS must be key=value",
            "POD_NAMESPACE is not set");
  }

  @Test
  void thePodsNameIsNeededForLeaderElectionOnly() {
    assertThatThrownBy(() -> OperatorSettings.from(Map.of("POD_NAMESPACE", "operators")))
        .hasMessageContaining("POD_NAME is not set");
    assertThat(
            OperatorSettings.from(Map.of("POD_NAMESPACE", "operators", "LEADER_ELECTION", "false"))
                .podName())
        .isEmpty();
  }

  private static Map<String, String> with(Map<String, String> more) {
    var all = new HashMap<>(LEAST);
    all.putAll(more);
    return all;
  }
}
