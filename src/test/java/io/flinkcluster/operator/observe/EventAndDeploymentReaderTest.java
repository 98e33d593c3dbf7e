package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.ObservedPod.PodProblem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventAndDeploymentReaderTest {

  private static final String NO_ACCOUNT =
      "pods \"a-jobmanager-1-\" is forbidden: error looking up service account ns/flink:"
          + " serviceaccount \"flink\" not found";

  private static EventBuilder event(String reason, String message) {
    return new EventBuilder()
        .withType("Warning")
        .withReason(reason)
        .withMessage(message)
        .withLastTimestamp("2026-01-01T00:00:05Z")
        .withNewInvolvedObject()
        .withUid("uid")
        .endInvolvedObject();
  }

  @ParameterizedTest
  @CsvSource({
    "FailedMount, 'MountVolume.SetUp failed for volume \"v\" : configmap \"c\" not found',"
        + " ReferenceNotFound",
    "FailedAttachVolume, 'Multi-Attach error for volume \"v\"', PodNotSetUp",
    "FailedScheduling, 0/1 nodes are available, Unschedulable",
    "FailedCreate, exceeded quota: pods, PodCreationFailed",
    "FailedCreatePodSandBox, no network, PodNotSetUp",
  })
  void aTellingEventBecomesATrouble(String reason, String message, Reason expected) {
    assertThat(EventReader.problem(event(reason, message).build()))
        .contains(new PodProblem(expected, message));
  }

  @ParameterizedTest
  @CsvSource({
    "FailedMount, 'MountVolume.SetUp failed for volume \"v\" : failed to sync configmap cache:"
        + " timed out waiting for the condition', true",
    "FailedMount, 'MountVolume.SetUp failed for volume \"v\" : failed to sync secret cache:"
        + " timed out waiting for the condition', true",
    "FailedMount, 'Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[],"
        + " failed to process volumes=[]: timed out waiting for the condition', true",
    "FailedMount, 'Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[],"
        + " failed to process volumes=[]: context deadline exceeded', true",
    "FailedMount, 'MountVolume.MountDevice failed for volume \"v\" : rpc error: code ="
        + " DeadlineExceeded desc = context deadline exceeded', true",
    "FailedAttachVolume, 'AttachVolume.Attach failed for volume \"v\" : timed out waiting for"
        + " external-attacher of ebs.csi.aws.com CSI driver to attach volume vol-1', true",
    "FailedCreatePodSandBox, 'Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc"
        + " = context deadline exceeded', true",
    "FailedAttachVolume, 'Multi-Attach error for volume \"v\" Volume is already used by pod(s) a',"
        + " false",
    "FailedCreatePodSandBox, 'Failed to create pod sandbox: failed to assign an IP address', false",
  })
  void aKubeletThatWasNotDoneInTimeIsToldFromOneThatCannotDoIt(
      String reason, String message, boolean timedOut) {
    assertThat(EventReader.problem(event(reason, message).build()))
        .contains(new PodProblem(Reason.PodNotSetUp, message, timedOut));
  }

  @Test
  void whatIsMissingIsNoTimeOut() {
    String both =
        "MountVolume.SetUp failed for volume \"v\" : [configmap \"c\" not found, failed to sync"
            + " secret cache: timed out waiting for the condition]";
    assertThat(EventReader.problem(event("FailedMount", both).build()))
        .contains(new PodProblem(Reason.ReferenceNotFound, both, false));
  }

  @Test
  void otherEventsTellNothing() {
    assertThat(EventReader.problem(event("BackOff", "x").build())).isEmpty();
    assertThat(EventReader.problem(event("FailedMount", "x").withType("Normal").build())).isEmpty();
    assertThat(EventReader.problem(new Event())).isEmpty();
  }

  @Test
  void theNewestTellingEventOfTheObjectCounts() {
    var old = event("FailedMount", "old").build();
    var newer = event("FailedMount", "newer").withLastTimestamp("2026-01-01T00:00:09Z").build();
    var newest = event("Pulled", "newest").withLastTimestamp("2026-01-01T00:00:10Z").build();
    var scheduling =
        event("FailedScheduling", "first")
            .withLastTimestamp(null)
            .withEventTime(new MicroTime("2026-01-01T00:00:01.000000Z"))
            .build();
    var others =
        event("FailedMount", "others")
            .withLastTimestamp("2026-01-02T00:00:00Z")
            .editInvolvedObject()
            .withUid("other")
            .endInvolvedObject()
            .build();
    assertThat(EventReader.newest(List.of(old, newer, scheduling, newest, others, new Event())))
        .containsOnly(
            Map.entry("uid", new PodProblem(Reason.PodNotSetUp, "newer")),
            Map.entry("other", new PodProblem(Reason.PodNotSetUp, "others")));
    assertThat(EventReader.newest(List.of(scheduling)))
        .containsOnly(Map.entry("uid", new PodProblem(Reason.Unschedulable, "first")));
  }

  private static Deployment deployment(String type, String status, String message) {
    return new DeploymentBuilder()
        .withNewStatus()
        .addNewCondition()
        .withType(type)
        .withStatus(status)
        .withMessage(message)
        .endCondition()
        .endStatus()
        .build();
  }

  @Test
  void aDeploymentWithoutPodsSaysWhy() {
    String quota = "pods \"a-\" is forbidden: exceeded quota: pods";
    assertThat(DeploymentReader.problem(deployment("ReplicaFailure", "True", quota)))
        .contains(new PodProblem(Reason.PodCreationFailed, quota));
    assertThat(DeploymentReader.problem(deployment("ReplicaFailure", "True", NO_ACCOUNT)))
        .contains(new PodProblem(Reason.ReferenceNotFound, NO_ACCOUNT));
  }

  @Test
  void aDeploymentWithPodsIsNotInTrouble() {
    assertThat(DeploymentReader.problem(deployment("ReplicaFailure", "False", "x"))).isEmpty();
    assertThat(DeploymentReader.problem(deployment("Progressing", "True", "x"))).isEmpty();
    assertThat(DeploymentReader.problem(new Deployment())).isEmpty();
  }
}
