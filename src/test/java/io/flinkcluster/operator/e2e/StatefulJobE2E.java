package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.TaskManagersStatus;
import io.flinkcluster.operator.testcluster.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of the first example: a job with state on a volume. */
@EndToEnd
@Order(5) // a long one: it begins before the others
@ParameterizedClass
@ValueSource(strings = {"2.3", "1.20"})
class StatefulJobE2E implements FullRunOnly.Versioned {
  private static final String NAME = "top-speed";
  private static final Duration SHORT = Patience.LONG;

  /** Some 10 s on two idle cores; other stories share them. */
  private static final double LONGEST = 150;

  @Parameter private String version;
  private String lost = "";
  private String stopped = "";
  private E2eCluster cluster;
  private E2eNamespace space;
  private ClusterUnderTest job;

  @Override
  public String version() {
    return version;
  }

  @BeforeAll
  void find(E2eCluster found) {
    cluster = found;
  }

  @BeforeParameterizedClassInvocation
  void begin() {
    space = cluster.space("stateful");
    job = space.subject(NAME);
  }

  @AfterParameterizedClassInvocation
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  void anAppliedManifestBecomesARunningJob() {
    space.apply(Templates.firstExample(version));
    FlinkClusterStatus status = job.awaitReady();
    assertThat(status.phase()).isEqualTo(Phase.Running);
    assertThat(status.job().state()).isEqualTo("RUNNING");
    assertThat(status.job().bufferTimeout()).isEqualTo("100ms");
    assertThat(status.job().checkpoints().completed()).isPositive();
  }

  @Test
  @Order(2)
  void theJobIdOfTheStatusIsTheOneInFlinksOwnRestApi() {
    JsonNode jobs = job.flink("/jobs/overview").orElseThrow().path("jobs");
    assertThat(jobs).hasSize(1);
    assertThat(jobs.get(0).path("jid").asText()).isEqualTo(job.status().job().id());
    assertThat(jobs.get(0).path("state").asText()).isEqualTo("RUNNING");
    assertThat(job.flink("/config").orElseThrow().path("flink-version").asText())
        .startsWith(version + ".");
  }

  @Test
  @Order(3)
  void theStatusHasTheAddressesOfTheTaskManagersPods() {
    List<TaskManagersStatus.Member> members = job.status().taskManagers().members();
    List<Pod> pods = space.pods(NAME, "taskmanager");
    assertThat(members)
        .extracting(TaskManagersStatus.Member::podIP)
        .hasSize(1)
        .containsExactlyElementsOf(pods.stream().map(p -> p.getStatus().getPodIP()).toList());
    assertThat(members.get(0).pod()).isEqualTo(pods.get(0).getMetadata().getName());
    assertThat(members.get(0).node()).isEqualTo(pods.get(0).getSpec().getNodeName());
    assertThat(members.get(0).hostIP()).isEqualTo(pods.get(0).getStatus().getHostIP());
    assertThat(members.get(0).slots()).isEqualTo(1);
  }

  /** The images of these tests have the archives of classes that docs/guides.md tells of. */
  @Test
  @Order(3)
  void flinkIsStartedFromTheArchivesOfItsClasses() {
    for (String component : List.of("jobmanager", "taskmanager")) {
      for (Pod pod : space.pods(NAME, component)) {
        String archive = "/opt/flink/" + component + ".jsa";
        space
            .kubectl()
            .ok("exec", pod.getMetadata().getName(), "--", "grep", "-q", archive, "/proc/1/maps");
      }
    }
  }

  @Test
  @Order(4)
  void kubectlShowsWhatAUserLooksFor() {
    List<String> plain = space.kubectl().ok("get", "flc").lines().toList();
    assertThat(Arrays.asList(plain.get(0).split("\\s+")))
        .containsExactly("NAME", "READY", "PHASE", "JOB", "PARALLELISM", "TMS", "OPERATION", "AGE");
    assertThat(plain.get(1)).matches("top-speed +True +Running +RUNNING +1 +1/1 +[0-9]+.*");
    List<String> wide = space.kubectl().ok("get", "flc", "-o", "wide").lines().toList();
    assertThat(wide.get(0))
        .containsSubsequence("VERSION", "IMAGE", "JOBMANAGER", "LAST CHECKPOINT", "MESSAGE");
    assertThat(wide.get(1)).contains(version, "flink:" + version, "http://top-speed-rest.");
  }

  @Test
  @Order(5)
  void aDeletedJobManagerIsRecoveredFromTheNewestCheckpoint() {
    lost = job.status().job().id();
    long seen = job.checkpointInStatus();
    delete(job.pod("jobmanager"));
    job.await(
        "another job", ClusterUnderTest.START, s -> s.job() != null && !lost.equals(s.job().id()));
    job.awaitReady();
    assertThat(job.restored()).contains(lost);
    assertThat(ClusterUnderTest.checkpoint(job.restored())).isGreaterThanOrEqualTo(seen);
    assertThat(ClusterUnderTest.lastOperation(job.status()).type())
        .isEqualTo(OperationType.Recovery);
  }

  @Test
  @Order(6)
  void scalingUpRestartsTheJobFromASavepointOfItsOwn() {
    stopped = job.status().job().id();
    rescaledTo(2);
  }

  /** The job that was lost left its checkpoints: what has followed does not own them. */
  @Test
  @Order(7)
  void whatTheLostJobLeftIsFoundAndDeletedAndNothingElse() throws JsonProcessingException {
    String running = job.status().job().id();
    // The one that was stopped with a savepoint left a directory without files, which has no age.
    assertThat(fates("--older-than=1d"))
        .allMatch(line -> line.startsWith("stays ") || line.endsWith("/" + stopped))
        .anyMatch(line -> line.endsWith("/" + lost));
    assertThat(fates("--older-than=0"))
        .anyMatch(line -> line.startsWith("can go ") && line.endsWith("/" + lost))
        .noneMatch(line -> line.startsWith("can go ") && line.endsWith("/" + running));

    assertThat(fates("--older-than=0", "--delete"))
        .anyMatch(line -> line.startsWith("deleted ") && line.endsWith("/" + lost));

    assertThat(fates("--older-than=0"))
        .noneMatch(line -> line.endsWith("/" + lost))
        .anyMatch(line -> line.startsWith("stays ") && line.endsWith("/" + running));
    assertThat(space.pods(NAME, "leftovers")).isEmpty();
    long seen = job.checkpointInStatus();
    job.await(
        "a later checkpoint",
        ClusterUnderTest.START,
        s -> ClusterUnderTest.checkpoint(s.job().checkpoints().lastPath()) > seen);
    assertThat(job.status().job().id()).isEqualTo(running);
  }

  /** What becomes of each directory. */
  private List<String> fates(String... more) throws JsonProcessingException {
    var arguments = new ArrayList<>(List.of(NAME, "-o", "json"));
    arguments.addAll(List.of(more));
    var fates = new ArrayList<String>();
    String told = space.plugin("storage", arguments.toArray(String[]::new));
    for (JsonNode d : new ObjectMapper().readTree(told)) {
      String fate =
          d.path("deleted").asBoolean()
              ? "deleted"
              : d.path("needed").asBoolean() ? "stays" : "can go";
      fates.add(fate + " " + d.path("path").asText());
    }
    return fates;
  }

  @Test
  @Order(8)
  @FullRunOnly
  void scalingDownDoesSoToo() {
    rescaledTo(1);
  }

  private void rescaledTo(int replicas) {
    String before = job.status().job().id();
    space.kubectl().ok("scale", "flc/" + NAME, "--replicas", String.valueOf(replicas));
    FlinkClusterStatus status = job.awaitReady();
    OperationRecord operation = ClusterUnderTest.lastOperation(status);
    assertThat(operation.type()).isEqualTo(OperationType.Rescale);
    assertThat(operation.result()).isEqualTo(OperationResult.Succeeded);
    assertThat(operation.savepoint()).contains("/savepoints/");
    assertThat(seconds(operation.downtime())).isBetween(0.5, LONGEST);
    assertThat(operation.steps()).allSatisfy(step -> assertThat(step.duration()).isNotNull());
    assertThat(status.job().id()).isNotEqualTo(before);
    assertThat(status.job().parallelism()).isEqualTo(replicas);
    assertThat(job.parallelism()).isEqualTo(replicas);
    assertThat(job.restored()).isEqualTo(operation.savepoint());
    await("surplus pods are gone")
        .atMost(SHORT)
        .untilAsserted(
            () -> {
              assertThat(space.pods(NAME, "taskmanager")).hasSize(replicas);
              assertThat(space.pods(NAME, "jobmanager")).hasSize(1);
            });
  }

  private static double seconds(String duration) {
    assertThat(duration).endsWith("s");
    return Double.parseDouble(duration.substring(0, duration.length() - 1));
  }

  @Test
  @Order(9)
  @FullRunOnly
  void aDeletedTaskManagerIsReplacedAndFlinkRestartsTheJob() {
    String running = job.status().job().id();
    delete(job.pod("taskmanager"));
    job.await("a restart", ClusterUnderTest.START, s -> s.job() != null && s.job().restarts() > 0);
    assertThat(job.awaitReady().job().id()).isEqualTo(running);
    job.await(
        "one TaskManager", ClusterUnderTest.START, s -> s.taskManagers().members().size() == 1);
  }

  private void delete(Pod pod) {
    space.kubectl().ok("delete", "pod", pod.getMetadata().getName(), "--wait=false");
  }

  @Test
  @Order(10)
  @FullRunOnly
  void aSuspendedJobKeepsItsSavepointAndNoPods() {
    job.patch("{'spec': {'suspend': true}}");
    FlinkClusterStatus status = job.awaitReady();
    assertThat(status.phase()).isEqualTo(Phase.Suspended);
    assertThat(status.restorePoint().path()).contains("/savepoints/");
    await("no pods")
        .atMost(SHORT)
        .untilAsserted(
            () -> {
              assertThat(space.pods(NAME, "jobmanager")).isEmpty();
              assertThat(space.pods(NAME, "taskmanager")).isEmpty();
            });
  }

  @Test
  @Order(11)
  @FullRunOnly
  void aResumedJobBeginsFromThatSavepoint() {
    String kept = job.status().restorePoint().path();
    job.patch("{'spec': {'suspend': false}}");
    FlinkClusterStatus status = job.awaitReady();
    assertThat(status.phase()).isEqualTo(Phase.Running);
    assertThat(job.restored()).isEqualTo(kept);
  }

  @Test
  @Order(12)
  void deletionLeavesASavepointAndItsNameAndNothingElse() {
    space.kubectl().ok("delete", "flc", NAME, "--timeout=180s");
    String path =
        space.kubectl().ok("get", "configmap", NAME + "-final-savepoint", "-o", "jsonpath={.data}");
    assertThat(path).contains("file:/").contains("/savepoints/");
    await("nothing else")
        .atMost(SHORT)
        .untilAsserted(
            () ->
                assertThat(
                        space
                            .kubectl()
                            .ok(
                                "get",
                                "deploy,rs,pod,svc,netpol,pdb,cm",
                                "-l",
                                "flinkcluster.io/cluster=" + NAME,
                                "-o",
                                "name")
                            .lines()
                            .filter(line -> !line.endsWith("-final-savepoint")))
                    .isEmpty());
  }
}
