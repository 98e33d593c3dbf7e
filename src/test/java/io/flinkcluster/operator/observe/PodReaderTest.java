package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.CloudIdentity;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.NodeProtection;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.ObservedPod.PodProblem;
import io.flinkcluster.operator.model.StorageFinding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodReaderTest {

  private static final ClusterNames NAMES = new ClusterNames("ns", "a");

  private static PodBuilder pod() {
    return new PodBuilder()
        .withNewMetadata()
        .withName("a-jobmanager-3-x")
        .withUid("uid")
        .withLabels(NAMES.labels(Component.JOB_MANAGER, 3))
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .endStatus();
  }

  private static ContainerState waiting(String reason, String message) {
    return new ContainerStateBuilder().withNewWaiting(message, reason).build();
  }

  private static ContainerState running() {
    return new ContainerStateBuilder().withNewRunning("2026-01-01T00:00:00Z").build();
  }

  private static ContainerState terminated(int code, String reason, String message) {
    return new ContainerStateBuilder()
        .withNewTerminated()
        .withExitCode(code)
        .withReason(reason)
        .withMessage(message)
        .endTerminated()
        .build();
  }

  private static Pod with(String name, boolean ready, ContainerState now, ContainerState last) {
    return pod()
        .editStatus()
        .addToContainerStatuses(
            new ContainerStatusBuilder()
                .withName(name)
                .withReady(ready)
                .withRestartCount(2)
                .withState(now)
                .withLastState(last)
                .build())
        .endStatus()
        .build();
  }

  private static Optional<PodProblem> problem(Pod pod) {
    // Everything must be readable from the trimmed pod too: that is what the cache holds.
    var seen = PodReader.seen(pod).orElseThrow();
    assertThat(PodReader.seen(PodTransform.trim(pod))).contains(seen);
    return seen.problem();
  }

  @Test
  void whatCannotBeFetchedIsToldInTheWordsOfTheContainerThatFetches() {
    var said = "s3://b/no.jar: it does not exist (HTTP 404 NoSuchKey)";
    var expected =
        Optional.of(
            new PodProblem(
                Reason.FetchFailed, "cannot fetch s3://b/no.jar: " + said.substring(15)));

    assertThat(problem(fetching(terminated(1, "Error", said), null))).isEqualTo(expected);
    assertThat(
            problem(
                fetching(
                    waiting("CrashLoopBackOff", "back-off 10s restarting failed container"),
                    terminated(1, "Error", said))))
        .isEqualTo(expected);
    assertThat(problem(fetching(running(), terminated(1, "Error", said)))).isEqualTo(expected);
  }

  @Test
  void aCheckThatKeepsFlinkFromStartingIsTheProblemByItsWorstFinding() {
    String said =
        "StorageDenied: s3:PutObject is denied\nStorageDenied: s3:ListBucket is denied\n"
            + "StorageAtRisk: a rule deletes\n";
    Pod pod = fetching(waiting("CrashLoopBackOff", "back-off"), terminated(1, "Error", said));
    assertThat(problem(pod))
        .contains(
            new PodProblem(
                Reason.StorageDenied,
                "s3:PutObject is denied (and 1 more in the condition StorageReady)"));
    assertThat(PodReader.seen(PodTransform.trim(pod)).orElseThrow().storage())
        .containsExactly(
            new StorageFinding(StorageFinding.Kind.DENIED, "s3:PutObject is denied"),
            new StorageFinding(StorageFinding.Kind.DENIED, "s3:ListBucket is denied"),
            new StorageFinding(StorageFinding.Kind.AT_RISK, "a rule deletes"));
  }

  @Test
  void whatTheLastRunOfACheckSaidCountsAlsoWhereItEndedWell() {
    Pod pod =
        fetching(
            terminated(0, "Completed", "StorageAtRisk: a rule deletes\n"),
            terminated(1, "Error", "StorageDenied: s3:PutObject is denied\n"));
    assertThat(problem(pod)).isEmpty();
    assertThat(PodReader.seen(pod).orElseThrow().storage())
        .containsExactly(new StorageFinding(StorageFinding.Kind.AT_RISK, "a rule deletes"));
  }

  @Test
  void aContainerThatFetchesAndIsKilledIsJustAContainerThatFails() {
    assertThat(problem(fetching(terminated(137, "OOMKilled", ""), null)))
        .contains(
            new PodProblem(
                Reason.ContainerFailing,
                "container flinkcluster-fetch: exited with code 137 (OOMKilled)"));
  }

  private static Pod fetching(ContainerState now, ContainerState last) {
    return pod()
        .editStatus()
        .addToInitContainerStatuses(
            new ContainerStatusBuilder()
                .withName("flinkcluster-fetch")
                .withReady(false)
                .withState(now)
                .withLastState(last)
                .build())
        .endStatus()
        .build();
  }

  @Test
  void aRunningPodIsSeenWithItsPlace() {
    var pod =
        new PodBuilder(with("flink", true, running(), null))
            .editSpec()
            .withNodeName("node")
            .endSpec()
            .editStatus()
            .withPodIP("10.0.0.1")
            .withHostIP("10.1.0.1")
            .addNewCondition()
            .withType("Ready")
            .withStatus("True")
            .endCondition()
            .endStatus()
            .build();
    assertThat(PodReader.seen(pod))
        .contains(
            new ObservedPod(
                "a-jobmanager-3-x",
                "uid",
                Component.JOB_MANAGER,
                3,
                false,
                true,
                true,
                false,
                2,
                Optional.of("10.0.0.1"),
                Optional.of("10.1.0.1"),
                Optional.of("node"),
                Optional.empty(),
                true,
                false,
                false,
                Optional.empty(),
                Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                Optional.empty(),
                CloudIdentity.NODE,
                List.of(),
                ObservedPod.Preparation.NONE,
                new NodeProtection(
                    false, List.of(), List.of(Labels.DO_NOT_DISRUPT, Labels.SAFE_TO_EVICT))));
  }

  @Test
  void aDeletedPodTellsSinceWhenAndWhatItMayWaitFor() {
    Pod pod =
        new PodBuilder(with("sidecar", true, running(), null))
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:30Z")
            .withDeletionGracePeriodSeconds(30L)
            .endMetadata()
            .build();
    var seen = PodReader.seen(pod).orElseThrow();
    assertThat(PodReader.seen(PodTransform.trim(pod))).contains(seen);
    assertThat(seen.ending())
        .contains(
            new ObservedPod.Ending(Instant.parse("2026-01-01T00:00:00Z"), List.of("sidecar")));
  }

  @ParameterizedTest
  @CsvSource({"-1, true", "0, false", "x, false"})
  void aPodThatIsMarkedToGoFirstIsSeenSo(String cost, boolean first) {
    var pod =
        pod().editMetadata().addToAnnotations(Labels.DELETION_COST, cost).endMetadata().build();
    assertThat(PodReader.seen(pod).orElseThrow().goesFirst()).isEqualTo(first);
    assertThat(PodReader.seen(PodTransform.trim(pod))).isEqualTo(PodReader.seen(pod));
  }

  @ParameterizedTest
  @CsvSource({
    "'', false, LOADING",
    "'', true, READY",
    "uid, true, RELEASED",
    ", true, NONE",
  })
  void aPreparedPodRunsFlinkOnlyOnceItIsReleased(
      String release, boolean started, ObservedPod.Preparation preparation) {
    var builder = new PodBuilder(with("flink", false, running(), null));
    if (release != null) {
      builder.editMetadata().addToAnnotations(Labels.RELEASE, release).endMetadata();
    }
    Pod pod = builder.build();
    pod.getStatus().getContainerStatuses().forEach(c -> c.setStarted(started));

    ObservedPod seen = PodReader.seen(pod).orElseThrow();

    boolean held =
        preparation == ObservedPod.Preparation.LOADING
            || preparation == ObservedPod.Preparation.READY;
    assertThat(seen.preparation()).isEqualTo(preparation);
    assertThat(seen.held()).isEqualTo(held);
    assertThat(seen.running()).isEqualTo(!held);
    assertThat(seen.started()).isEqualTo(!held);
    assertThat(PodReader.seen(PodTransform.trim(pod))).contains(seen);
  }

  @Test
  void aPreparedPodWhoseContainerDoesNotRunComesUp() {
    var pod = pod().editMetadata().addToAnnotations(Labels.RELEASE, "").endMetadata().build();
    assertThat(PodReader.seen(pod).orElseThrow().preparation())
        .isEqualTo(ObservedPod.Preparation.COMING_UP);
  }

  @Test
  void aPodWithoutAnyStatusIsSeenToo() {
    var pod = pod().withStatus(null).withSpec(null).build();
    var seen = PodReader.seen(pod).orElseThrow();
    assertThat(seen.running()).isFalse();
    assertThat(seen.ready()).isFalse();
    assertThat(seen.podIP()).isEmpty();
    assertThat(seen.problem()).isEmpty();
  }

  @Test
  void aGatedPodIsNotInTrouble() {
    var pod =
        pod()
            .editSpec()
            .addNewSchedulingGate(Labels.GATE)
            .endSpec()
            .editStatus()
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withReason("SchedulingGated")
            .endCondition()
            .endStatus()
            .build();
    assertThat(PodReader.seen(pod).orElseThrow().schedulingGated()).isTrue();
    assertThat(problem(pod)).isEmpty();
  }

  @Test
  void aPodThatIsBeingDeletedIsNotInTrouble() {
    var pod =
        new PodBuilder(with("flink", false, terminated(143, "Error", null), null))
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:00Z")
            .endMetadata()
            .build();
    assertThat(PodReader.seen(pod).orElseThrow().deleting()).isTrue();
    assertThat(problem(pod)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "99999999999999999999"})
  void aPodWithoutAnEpochIsNobodys(String epoch) {
    var pod = pod().editMetadata().addToLabels(Labels.EPOCH, epoch).endMetadata().build();
    assertThat(PodReader.seen(pod)).isEmpty();
  }

  @Test
  void aPodOfSomethingElseIsNobodys() {
    var other = pod().editMetadata().addToLabels(Labels.COMPONENT, "proxy").endMetadata().build();
    assertThat(PodReader.seen(other)).isEmpty();
    assertThat(PodReader.seen(pod().editMetadata().withLabels(Map.of()).endMetadata().build()))
        .isEmpty();
    assertThat(
            PodReader.seen(
                pod().editMetadata().removeFromLabels(Labels.CLUSTER).endMetadata().build()))
        .isEmpty();
  }

  @Test
  void whatKeepsItsNodeIsReadOfATrimmedPodToo() {
    var pod =
        pod()
            .editMetadata()
            .addToAnnotations(Labels.PROTECTED, Labels.SAFE_TO_EVICT)
            .addToAnnotations(Labels.SAFE_TO_EVICT, "false")
            .addToAnnotations(Labels.DO_NOT_DISRUPT, "30m")
            .endMetadata()
            .build();
    assertThat(PodReader.seen(PodTransform.trim(pod)).orElseThrow().protection())
        .isEqualTo(new NodeProtection(true, List.of(Labels.SAFE_TO_EVICT), List.of()));
    assertThat(PodReader.seen(PodTransform.trim(pod().build())).orElseThrow().protection().free())
        .containsExactly(Labels.DO_NOT_DISRUPT, Labels.SAFE_TO_EVICT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"})
  void anImageThatCannotBePulledIsNamedInTheKubeletsWords(String reason) {
    assertThat(problem(with("flink", false, waiting(reason, "no such\nimage x:1"), null)))
        .contains(new PodProblem(Reason.ImagePullFailed, reason + ": no such image x:1"));
  }

  @ParameterizedTest
  @CsvSource({
    "'secret \"s\" not found', ReferenceNotFound",
    "'configmap \"c\" not found', ReferenceNotFound",
    "'couldn''t find key k in ConfigMap ns/c', ReferenceNotFound",
    "'container has runAsNonRoot and image will run as root', ContainerFailing",
  })
  void aContainerThatCannotBeConfiguredSaysWhy(String message, Reason reason) {
    var pod = with("flink", false, waiting("CreateContainerConfigError", message), null);
    assertThat(problem(pod))
        .contains(new PodProblem(reason, "CreateContainerConfigError: " + message));
  }

  @ParameterizedTest
  @CsvSource({
    "CreateContainerConfigError, 'failed to sync configmap cache: timed out waiting for the"
        + " condition'",
    "CreateContainerConfigError, 'failed to sync secret cache: timed out waiting for the condition'",
    "CreateContainerError, context deadline exceeded",
    "CreateContainerError, 'failed to reserve container name flink_a_ns_uid_0: name"
        + " \"flink_a_ns_uid_0\" is reserved for \"id\"'",
    "RunContainerError, context deadline exceeded",
  })
  void aContainerThatTheKubeletDidNotMakeInTimeIsNotSetUpYet(String waiting, String message) {
    assertThat(problem(with("flink", false, waiting(waiting, message), null)))
        .contains(new PodProblem(Reason.PodNotSetUp, waiting + ": " + message, true));
  }

  @Test
  void aRegistryThatDoesNotAnswerIsNoTimeOutOfTheKubelet() {
    assertThat(problem(with("flink", false, waiting("ErrImagePull", "DeadlineExceeded"), null)))
        .contains(new PodProblem(Reason.ImagePullFailed, "ErrImagePull: DeadlineExceeded", false));
  }

  @Test
  void aContainerThatWaitsForItsTurnIsNotInTrouble() {
    assertThat(problem(with("flink", false, waiting("ContainerCreating", null), null))).isEmpty();
    assertThat(problem(with("flink", false, waiting("PodInitializing", null), null))).isEmpty();
    assertThat(problem(with("flink", false, null, null))).isEmpty();
  }

  @Test
  void aCrashLoopTellsTheLastEndAndNotTheSecondsOfThePause() {
    var last = terminated(1, "Error", "line one\nCould not load class\n\n");
    var pod = with("flink", false, waiting("CrashLoopBackOff", "back-off 40s restarting"), last);
    assertThat(problem(pod))
        .contains(
            new PodProblem(
                Reason.ContainerFailing,
                "CrashLoopBackOff: exited with code 1 (Error): Could not load class"));
  }

  @Test
  void anExitTellsItsCodeAndReason() {
    assertThat(problem(with("flink", false, terminated(137, "OOMKilled", null), null)))
        .contains(new PodProblem(Reason.ContainerFailing, "exited with code 137 (OOMKilled)"));
    assertThat(problem(with("flink", false, terminated(75, "Error", "state may be lost"), null)))
        .contains(
            new PodProblem(
                Reason.ContainerFailing,
                "exited with code 75 (refused a second start): state may be lost"));
    String trace =
        "ERROR boom\njava.lang.Exception: outer\n\tat a.B.c(B.java:1)\nCaused by: x.Y: inner\n"
            + "\tat a.B.d(B.java:2)\n\t... 3 more\n";
    assertThat(problem(with("flink", false, terminated(1, "Error", trace), null)))
        .contains(
            new PodProblem(
                Reason.ContainerFailing, "exited with code 1 (Error): Caused by: x.Y: inner"));
    assertThat(problem(with("sidecar", false, terminated(0, "Completed", null), null))).isEmpty();
  }

  @Test
  void aJvmThatTheJobsCodeHasEndedIsToldAsThat() {
    String hook =
        "usage: ...\nINFO Shutting StandaloneApplicationClusterEntryPoint down with application"
            + " status UNKNOWN. Diagnostics Cluster entrypoint has been closed externally..\n"
            + "INFO Remoting shut down.\n";
    for (var end : List.of(terminated(0, "Completed", null), terminated(1, "Error", hook))) {
      assertThat(problem(with("flink", false, end, null)))
          .hasValueSatisfying(
              p -> {
                assertThat(p.reason()).isEqualTo(Reason.ContainerFailing);
                assertThat(p.message())
                    .startsWith("exited with code " + end.getTerminated().getExitCode())
                    .contains("System.exit")
                    .doesNotContain("Remoting");
              });
    }
    assertThat(problem(with("flink", false, terminated(143, "Error", hook), null)))
        .hasValueSatisfying(p -> assertThat(p.message()).doesNotContain("System.exit"));
  }

  @Test
  void anApplicationThatCannotBeLoadedIsNoFaultOfItsProcess() {
    String said =
        "Could not create application program. java.lang.ClassNotFoundException: a.NoSuchJob\n";
    assertThat(problem(with("flink", false, terminated(1, "Error", said), null)))
        .contains(
            new PodProblem(
                Reason.JobFailed,
                "the application cannot be loaded: java.lang.ClassNotFoundException: a.NoSuchJob"));
  }

  @Test
  void anApplicationThatEndedWithoutAJobIsToldInFlinksLastWords() {
    String said =
        "Fatal error occurred in the cluster entrypoint. "
            + "org.apache.flink.client.deployment.application.ApplicationExecutionException: "
            + "The application contains no execute() calls.\n";
    var failed =
        new PodProblem(
            Reason.JobFailed,
            "the application ended without a job: The application contains no execute() calls.");
    var end = terminated(2, "Error", said);
    assertThat(problem(with("flink", false, end, null))).contains(failed);
    assertThat(problem(with("flink", false, running(), end))).contains(failed);
    assertThat(problem(with("flink", false, waiting("CrashLoopBackOff", "x"), end)))
        .contains(failed);
    assertThat(problem(with("sidecar", false, end, null)))
        .hasValueSatisfying(p -> assertThat(p.reason()).isEqualTo(Reason.ContainerFailing));
  }

  @Test
  void theTroubleOfTheLastStartStaysUntilTheContainerIsReady() {
    var last = terminated(1, "Error", "bad");
    assertThat(problem(with("flink", false, running(), last))).isPresent();
    assertThat(problem(with("flink", true, running(), last))).isEmpty();
  }

  @Test
  void anotherContainerIsNamed() {
    assertThat(problem(with("sidecar", false, terminated(2, "Error", "bad"), null)))
        .contains(
            new PodProblem(
                Reason.ContainerFailing, "container sidecar: exited with code 2 (Error): bad"));
  }

  @Test
  void aSecretInATerminationMessageIsNotShown() {
    assertThat(problem(with("flink", false, terminated(1, "Error", "password=hunter2"), null)))
        .hasValueSatisfying(found -> assertThat(found.message()).doesNotContain("hunter2"));
  }

  @Test
  void aPodThatNoNodeTakesSaysWhy() {
    var pod =
        pod()
            .editStatus()
            .addNewCondition()
            .withType("PodScheduled")
            .withStatus("False")
            .withReason("Unschedulable")
            .withMessage("0/1 nodes are available: 1 Insufficient cpu.")
            .endCondition()
            .endStatus()
            .build();
    assertThat(problem(pod))
        .contains(
            new PodProblem(Reason.Unschedulable, "0/1 nodes are available: 1 Insufficient cpu."));
  }

  @Test
  void anEvictedPodSaysWhy() {
    var pod =
        pod()
            .editStatus()
            .withPhase("Failed")
            .withReason("Evicted")
            .withMessage("The node was low on resource: memory.")
            .endStatus()
            .build();
    assertThat(problem(pod))
        .contains(
            new PodProblem(Reason.PodDisrupted, "Evicted: The node was low on resource: memory."));
  }

  private static Optional<String> disruption(Pod pod) {
    var seen = PodReader.seen(pod).orElseThrow();
    assertThat(PodReader.seen(PodTransform.trim(pod))).contains(seen);
    return seen.disruption();
  }

  private static PodBuilder failed(String reason, String message) {
    return pod()
        .editStatus()
        .withPhase("Failed")
        .withReason(reason)
        .withMessage(message)
        .endStatus();
  }

  @ParameterizedTest
  @CsvSource({
    "Evicted, The node was low on resource: memory. Threshold quantity: 100Mi",
    "Terminated, Pod was terminated in response to imminent node shutdown.",
    "NodeAffinity, Pod was rejected: Predicate NodeAffinity failed",
    "OutOfcpu, Pod was rejected: Node didn't have enough resource: cpu"
  })
  void aPodThatItsNodeGaveUpWasTakenAway(String reason, String message) {
    assertThat(disruption(failed(reason, message).build())).contains(reason + ": " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Usage of EmptyDir volume \"scratch\" exceeds the limit \"1Gi\". ",
        "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ",
        "Container flink exceeded its local ephemeral storage limit \"1Gi\". "
      })
  void aPodThatFillsMoreThanItsLimitsAllowHasItselfToBlame(String message) {
    Pod pod = failed("Evicted", message).build();
    assertThat(disruption(pod)).isEmpty();
    assertThat(problem(pod).orElseThrow().reason()).isEqualTo(Reason.ContainerFailing);
    Pod byTheNode =
        new PodBuilder(pod)
            .editStatus()
            .addNewCondition()
            .withType("DisruptionTarget")
            .withStatus("True")
            .withReason("TerminationByKubelet")
            .endCondition()
            .endStatus()
            .build();
    assertThat(disruption(byTheNode)).isPresent();
  }

  @Test
  void aPodThatIsPreemptedOrDeletedIsTakenAway() {
    Pod preempted =
        pod()
            .editStatus()
            .addNewCondition()
            .withType("DisruptionTarget")
            .withStatus("True")
            .withReason("PreemptionByScheduler")
            .withMessage("default-scheduler: preempting to accommodate a higher priority pod")
            .endCondition()
            .endStatus()
            .build();
    assertThat(disruption(preempted).orElseThrow()).startsWith("PreemptionByScheduler: default");
    Pod deleted =
        pod().editMetadata().withDeletionTimestamp("2026-01-01T00:00:00Z").endMetadata().build();
    assertThat(disruption(deleted)).contains("its pod was deleted");
    assertThat(disruption(pod().build())).isEmpty();
  }

  @Test
  void whatItsProcessDidBeforeCountsAgainstItAlsoWhenItIsDeletedThen() {
    Pod crashed = with("flink", false, running(), terminated(1, "Error", "boom"));
    assertThat(disruption(crashed)).isEmpty();
    Pod deleted =
        new PodBuilder(crashed)
            .editMetadata()
            .withDeletionTimestamp("2026-01-01T00:00:00Z")
            .endMetadata()
            .build();
    assertThat(disruption(deleted)).isEmpty();
    assertThat(disruption(with("flink", false, running(), terminated(137, "OOMKilled", null))))
        .isEmpty();
    assertThat(disruption(with("flink", false, running(), terminated(255, "Unknown", null))))
        .contains("its node was lost for a while, and its container with it");
  }

  @Test
  void theTrimmedPodHasNoContainersAndNoEnvironment() {
    var pod =
        pod()
            .editMetadata()
            .withNamespace("ns")
            .withResourceVersion("7")
            .addToAnnotations("long", "x")
            .addNewOwnerReference()
            .withName("rs")
            .endOwnerReference()
            .endMetadata()
            .editSpec()
            .addNewContainer()
            .withName("flink")
            .endContainer()
            .endSpec()
            .build();
    var lean = PodTransform.trim(pod);
    assertThat(lean.getSpec().getContainers()).isEmpty();
    assertThat(lean.getMetadata().getAnnotations()).isEmpty();
    assertThat(PodReader.seen(lean)).isEqualTo(PodReader.seen(pod));
    assertThat(lean.getMetadata().getManagedFields()).isEmpty();
    assertThat(lean.getMetadata().getNamespace()).isEqualTo("ns");
    assertThat(lean.getMetadata().getResourceVersion()).isEqualTo("7");
    assertThat(lean.getMetadata().getOwnerReferences()).hasSize(1);
    assertThat(pod.getSpec().getContainers()).hasSize(1);
  }
}
