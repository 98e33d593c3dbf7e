package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
                Map.of("app.kubernetes.io/name", "flinkcluster-operator")));
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
