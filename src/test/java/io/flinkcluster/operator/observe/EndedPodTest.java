package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndedPodTest {
  /** As a kubelet 1.34 says it of a deleted JobManager, half a second before the pod is gone. */
  private static final String ENDED =
      """
      metadata: {name: a, namespace: b, deletionTimestamp: "2026-01-01T00:00:30Z"}
      status:
        phase: Failed
        initContainerStatuses:
          - {name: fetch, state: {terminated: {exitCode: 0, finishedAt: "2026-01-01T00:00:00Z"}}}
        containerStatuses:
          - name: flink
            state: {terminated: {exitCode: 143, reason: Error, finishedAt: "2026-01-01T00:00:05Z"}}
          - name: sidecar
            state: {terminated: {exitCode: 0, reason: Completed, finishedAt: "2026-01-01T00:00:04Z"}}
      """;

  private static boolean ended(String yaml) {
    return EndedPod.is(Serialization.unmarshal(yaml, Pod.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "phase: Failed|phase: Failed",
        "phase: Failed|phase: Succeeded",
        "{terminated: {exitCode: 0, finishedAt: \"2026-01-01T00:00:00Z\"}}|{waiting: {reason: PodInitializing}}",
      })
  void aPodHasEndedWhenTheKubeletSaysSoOfAllItsContainers(String edit) {
    assertThat(ended(edited(edit))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // nobody has deleted it: it is listed for days, and what made it makes another
        ", deletionTimestamp: \"2026-01-01T00:00:30Z\"|",
        // it is stopping
        "phase: Failed|phase: Running",
        "phase: Failed|phase: Unknown",
        "phase: Failed|reason: NodeLost",
        // a container runs still, or is about to
        "{terminated: {exitCode: 0, reason: Completed, finishedAt: \"2026-01-01T00:00:04Z\"}}|{running: {}}",
        "{terminated: {exitCode: 143, reason: Error, finishedAt: \"2026-01-01T00:00:05Z\"}}|{waiting: {reason: CrashLoopBackOff}}",
        "{terminated: {exitCode: 0, finishedAt: \"2026-01-01T00:00:00Z\"}}|{running: {}}",
        // the kubelet itself does not know
        "{exitCode: 143, reason: Error, finishedAt: \"2026-01-01T00:00:05Z\"}|{exitCode: 137, reason: ContainerStatusUnknown, finishedAt: \"2026-01-01T00:00:05Z\"}",
        "{exitCode: 143, reason: Error, finishedAt: \"2026-01-01T00:00:05Z\"}|{exitCode: 137, reason: Error}",
        // somebody else has written the phase
        "name: flink|name: other",
      })
  void otherwiseItMayRun(String edit) {
    assertThat(ended(edited(edit))).isFalse();
  }

  private static String edited(String edit) {
    String[] parts = edit.split("\\|", 2);
    assertThat(ENDED).contains(parts[0]);
    return ENDED.replace(parts[0], parts[1]);
  }

  @Test
  void aPhaseWithoutContainersIsNobodysWord() {
    String start = ENDED.substring(0, ENDED.indexOf("  initContainerStatuses"));
    assertThat(ended(start)).isFalse();
  }
}
