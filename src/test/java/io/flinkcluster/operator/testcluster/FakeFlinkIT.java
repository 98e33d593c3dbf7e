package io.flinkcluster.operator.testcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class FakeFlinkIT {
  private static final String JOB = "0123456789abcdef0123456789abcdef";
  private static final String TRIGGER = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  private static final Duration SOON = Patience.LONG;

  private final TestNamespace namespace;
  private final FakeFlink flink;
  private final HttpClient http = HttpClient.newHttpClient();
  private FakeKubelet kubelet;

  FakeFlinkIT(ApiServer server) {
    // a namespace for each test: the tests' pods carry the same names
    namespace = TestNamespace.create(server, "FakeFlinkIT");
    flink = FakeFlink.in(namespace);
  }

  @BeforeEach
  void startKubelet() {
    kubelet = FakeKubelet.in(namespace, flink);
  }

  @AfterEach
  void stop() {
    kubelet.close();
    flink.close();
    namespace.close();
  }

  @Test
  void aJobRunsWhenItsTaskManagersRunAndStopsWithASavepoint() throws Exception {
    apply(
        "jobmanager",
        1,
        "[standalone-job, --job-id, %s, arg, --fromSavepoint, other]".formatted(JOB));
    String url = url(await().atMost(SOON).until(() -> readyPod("jobmanager"), pod -> pod != null));
    assertThat(get(url + "/jobs/overview").at("/jobs/0/state").asText()).isEqualTo("CREATED");

    apply("taskmanager", 1, "[taskmanager]");
    await().atMost(SOON).until(() -> state(url).equals("RUNNING"));
    assertThat(get(url + "/taskmanagers").at("/taskmanagers/0/freeSlots").asInt()).isZero();
    await()
        .atMost(SOON)
        .until(
            () ->
                get(url + "/jobs/" + JOB + "/checkpoints").at("/latest/completed/id").asInt() > 0);

    stopJob(url);
    stopJob(url);
    await().atMost(SOON).until(() -> state(url).equals("FINISHED"));
    String location =
        get(url + "/jobs/" + JOB + "/savepoints/" + TRIGGER).at("/operation/location").asText();
    assertThat(location).startsWith("file:///sp/savepoint-012345-");
    FakeCluster cluster = flink.cluster("demo");
    assertThat(cluster.stopsByTrigger()).containsEntry(TRIGGER, 2L);
    assertThat(cluster.snapshots()).filteredOn(FakeCluster.Snapshot::savepoint).hasSize(1);

    namespace.kubectl().ok("delete", "deployment", "demo-jobmanager-1");
    await()
        .atMost(SOON)
        .until(
            () ->
                namespace
                    .client()
                    .pods()
                    .inNamespace(namespace.name())
                    .withLabel("app.kubernetes.io/component", "jobmanager")
                    .list()
                    .getItems()
                    .isEmpty());
    apply(
        "jobmanager",
        2,
        "[standalone-job, --job-id, %s, --fromSavepoint, '%s']"
            .formatted("f" + JOB.substring(1), location));
    await().atMost(SOON).until(() -> cluster.starts().size() == 2);
    cluster.assertOneWriter();
    cluster.assertNeverOlderState();
    assertThat(cluster.starts().get(1).restoredFrom()).contains(location);
  }

  @Test
  void theLedgerSeesASecondWriterAndAnOlderState() {
    apply("jobmanager", 1, "[standalone-job, --job-id, %s]".formatted(JOB));
    apply("taskmanager", 1, "[taskmanager]");
    FakeCluster cluster = flink.cluster("demo");
    await().atMost(SOON).until(() -> !cluster.snapshots().isEmpty());
    apply("jobmanager", 2, "[standalone-job, --job-id, %s]".formatted("f" + JOB.substring(1)));
    await().atMost(SOON).until(() -> cluster.starts().size() == 2);
    assertThat(org.assertj.core.api.Assertions.catchThrowable(cluster::assertOneWriter))
        .hasMessageContaining("two jobs at a time");
    assertThat(org.assertj.core.api.Assertions.catchThrowable(cluster::assertNeverOlderState))
        .isNotNull();
  }

  @Test
  void aRestartedContainerStartsAgainFromItsArguments() {
    apply("jobmanager", 1, "[standalone-job, --job-id, %s]".formatted(JOB));
    Pod pod = await().atMost(SOON).until(() -> readyPod("jobmanager"), found -> found != null);
    kubelet.restartContainer(pod.getMetadata().getName());
    await().atMost(SOON).until(() -> flink.cluster("demo").starts().size() == 2);
    assertThat(readyPod("jobmanager").getStatus().getContainerStatuses().get(0).getRestartCount())
        .isEqualTo(1);
    flink.cluster("demo").assertOneWriter();
  }

  @Test
  void aProcessThatStartsOnceCrashesWhenItsContainerIsRestarted() {
    apply(
        "jobmanager",
        1,
        "[job, --job-id, %s]".formatted(JOB),
        "[{name: FLINKCLUSTER_START_MARK_DIR, value: /start-mark}]");
    Pod pod = await().atMost(SOON).until(() -> readyPod("jobmanager"), found -> found != null);
    kubelet.restartContainer(pod.getMetadata().getName());
    await()
        .atMost(SOON)
        .until(
            () -> namespace.kubectl().ok("get", "pods"), text -> text.contains("CrashLoopBackOff"));
    assertThat(flink.cluster("demo").starts()).hasSize(1);
  }

  @Test
  void aJobThatHasRunIsRefusedThoughTheMarkInItsPodIsLost() {
    apply(
        "jobmanager",
        1,
        "[job, --job-id, %s]".formatted(JOB),
        "[{name: FLINKCLUSTER_START_MARK_DIR, value: /start-mark},"
            + " {name: FLINKCLUSTER_OWN_DIRECTORY, value: /cp/%s}]".formatted(JOB));
    Pod pod = await().atMost(SOON).until(() -> readyPod("jobmanager"), found -> found != null);
    flink.loseStartMarks();
    kubelet.restartContainer(pod.getMetadata().getName());
    await()
        .atMost(SOON)
        .until(
            () -> namespace.kubectl().ok("get", "pods"), text -> text.contains("CrashLoopBackOff"));
    assertThat(flink.cluster("demo").starts()).hasSize(1);
  }

  @Test
  void troublesShowInThePodsOwnWordsAndHeal() {
    kubelet.problem(pod -> true, FakeKubelet.PodProblem.IMAGE_PULL_BACK_OFF);
    apply("jobmanager", 1, "[standalone-job, --job-id, %s]".formatted(JOB));
    await()
        .atMost(SOON)
        .until(
            () -> namespace.kubectl().ok("get", "pods"), text -> text.contains("ImagePullBackOff"));
    kubelet.heal();
    await().atMost(SOON).until(() -> readyPod("jobmanager") != null);
    kubelet.problem(pod -> true, FakeKubelet.PodProblem.UNSCHEDULABLE);
    apply("taskmanager", 1, "[taskmanager]");
    await()
        .atMost(SOON)
        .until(
            () -> namespace.kubectl().ok("get", "pods", "-o", "yaml"),
            text -> text.contains("Insufficient cpu"));
  }

  @Test
  void aPodOnALostNodeNeverGoes() {
    kubelet.problem(pod -> true, FakeKubelet.PodProblem.NEVER_GOES);
    apply("jobmanager", 1, "[standalone-job, --job-id, %s]".formatted(JOB));
    Pod pod = await().atMost(SOON).until(() -> readyPod("jobmanager"), found -> found != null);
    namespace.kubectl().ok("delete", "deployment", "demo-jobmanager-1");
    await().during(Duration.ofMillis(500)).atMost(SOON).until(() -> terminating(pod));
    assertThat(flink.cluster("demo").jobState()).contains("CREATED");
    kubelet.heal();
    await().atMost(SOON).until(() -> flink.cluster("demo").jobState().isEmpty());
  }

  private boolean terminating(Pod pod) {
    Pod now = namespace.client().resource(pod).get();
    return now != null && now.getMetadata().getDeletionTimestamp() != null;
  }

  private Pod readyPod(String component) {
    return namespace
        .client()
        .pods()
        .inNamespace(namespace.name())
        .withLabel("app.kubernetes.io/component", component)
        .list()
        .getItems()
        .stream()
        .filter(
            pod ->
                pod.getStatus().getConditions().stream()
                    .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True")))
        .findFirst()
        .orElse(null);
  }

  private static String url(Pod pod) {
    return "http://" + pod.getStatus().getPodIP() + ":8081";
  }

  private String state(String url) throws Exception {
    return get(url + "/jobs/overview").at("/jobs/0/state").asText();
  }

  private JsonNode get(String url) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(url)).build();
    return new ObjectMapper()
        .readTree(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private void stopJob(String url) throws Exception {
    var body =
        "{\"targetDirectory\":\"file:///sp\",\"drain\":false,\"triggerId\":\"%s\"}"
            .formatted(TRIGGER);
    var request =
        HttpRequest.newBuilder(URI.create(url + "/jobs/" + JOB + "/stop"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(202);
  }

  private void apply(String component, int epoch, String arguments) {
    apply(component, epoch, arguments, "[]");
  }

  private void apply(String component, int epoch, String arguments, String environment) {
    String labels =
        "{flinkcluster.io/cluster: demo, app.kubernetes.io/component: %s, flinkcluster.io/epoch: '%d'}"
            .formatted(component, epoch);
    namespace
        .kubectl()
        .apply(
            String.join(
                "\n",
                List.of(
                    "apiVersion: v1",
                    "kind: ConfigMap",
                    "metadata: {name: demo-config}",
                    "data:",
                    "  config.yaml: |",
                    "    parallelism.default: 1",
                    "    execution.checkpointing.interval: 10s",
                    "    execution.checkpointing.dir: file:///cp",
                    "---",
                    "apiVersion: apps/v1",
                    "kind: Deployment",
                    "metadata: {name: demo-%s-%d}".formatted(component, epoch),
                    "spec:",
                    "  selector: {matchLabels: %s}".formatted(labels),
                    "  template:",
                    "    metadata: {labels: %s}".formatted(labels),
                    "    spec:",
                    "      serviceAccountName: flink",
                    "      securityContext: {runAsNonRoot: true, runAsUser: 9999, seccompProfile: {type: RuntimeDefault}}",
                    "      volumes: [{name: conf, configMap: {name: demo-config}}]",
                    "      containers:",
                    "      - name: flink",
                    "        image: flink:2.3",
                    "        args: %s".formatted(arguments),
                    "        env: %s".formatted(environment),
                    "        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}",
                    "        volumeMounts: [{name: conf, mountPath: /opt/flink/conf}]",
                    "")));
  }
}
