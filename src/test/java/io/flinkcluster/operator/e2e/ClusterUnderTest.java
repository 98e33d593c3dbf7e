package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.model.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** One FlinkCluster under test, as its user and as its own Flink see it. */
public final class ClusterUnderTest {
  /** A start takes 10 to 20 s on two idle cores; patience is for those that are not. */
  public static final Duration START = Duration.ofSeconds(300);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LOOK = Duration.ofMillis(300);

  private final E2eNamespace space;
  private final String name;

  ClusterUnderTest(E2eNamespace space, String name) {
    this.space = space;
    this.name = name;
  }

  String name() {
    return name;
  }

  private Resource<FlinkCluster> resource() {
    return space.client().resources(FlinkCluster.class).inNamespace(space.name()).withName(name);
  }

  /** The resource; empty where it does not exist. */
  public Optional<FlinkCluster> get() {
    return Optional.ofNullable(resource().get());
  }

  /** Its status; null while nobody has looked at it. */
  public FlinkClusterStatus status() {
    return get().orElseThrow().getStatus();
  }

  /** Merges this JSON, with single quotes for double ones, into the resource. */
  public void patch(String merge) {
    space.kubectl().ok("patch", "flc", name, "--type", "merge", "-p", merge.replace('\'', '"'));
  }

  /** Waits until the status of the present generation is so. */
  public FlinkClusterStatus await(
      String what, Duration atMost, Predicate<FlinkClusterStatus> wanted) {
    return Awaitility.await(what)
        .atMost(atMost)
        .pollInterval(LOOK)
        .until(
            () -> get().filter(ClusterUnderTest::looked).map(FlinkCluster::getStatus),
            s -> s.filter(wanted).isPresent())
        .orElseThrow();
  }

  private static boolean looked(FlinkCluster cluster) {
    FlinkClusterStatus status = cluster.getStatus();
    return status != null
        && status.observedGeneration() != null
        && status.observedGeneration().equals(cluster.getMetadata().getGeneration());
  }

  /** Waits until the present generation runs, or rests as it says. */
  public FlinkClusterStatus awaitReady() {
    return await(name + " is ready", START, s -> s.operation() == null && isTrue(s, "Ready"));
  }

  /** Waits for a condition with this reason, with a message that contains these words. */
  Condition awaitCondition(String type, Duration atMost, String reason, String words) {
    FlinkClusterStatus status =
        await(
            type + " says " + reason + " and " + words,
            atMost,
            s ->
                find(s, type)
                    .filter(c -> c.reason().equals(reason) && c.message().contains(words))
                    .isPresent());
    return find(status, type).orElseThrow();
  }

  static Optional<Condition> find(FlinkClusterStatus status, String type) {
    return status.conditions() == null
        ? Optional.empty()
        : status.conditions().stream().filter(c -> c.type().equals(type)).findFirst();
  }

  static boolean isTrue(FlinkClusterStatus status, String type) {
    return find(status, type).filter(c -> c.status().equals("True")).isPresent();
  }

  /** The newest operation that has ended. */
  public static OperationRecord lastOperation(FlinkClusterStatus status) {
    assertThat(status.operations()).isNotEmpty();
    return status.operations().get(0);
  }

  /** What Flink's own REST API answers, asked through the API server; empty where nothing does. */
  Optional<JsonNode> flink(String path) {
    try {
      String port =
          String.valueOf(get().map(c -> c.getSpec().ports()).map(p -> p.rest()).orElse(8081));
      String proxy = "/api/v1/namespaces/" + space.name() + "/services/" + name + "-rest:" + port;
      String answer = space.client().raw(proxy + "/proxy" + path);
      return answer == null ? Optional.empty() : Optional.of(JSON.readTree(answer));
    } catch (KubernetesClientException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The same, as soon as there is an answer: a request may meet a JobManager that begins, or one
   * that is yet to become the leader.
   */
  private JsonNode told(String path) {
    return Awaitility.await("an answer to " + path)
        .atMost(START)
        .pollInterval(LOOK)
        .until(() -> flink(path), Optional::isPresent)
        .orElseThrow();
  }

  /** The job that the status names, as soon as it names one: it names none while that is lost. */
  private String jobId() {
    return Awaitility.await("a job in the status of " + name)
        .atMost(START)
        .pollInterval(LOOK)
        .until(() -> status().job().id(), Objects::nonNull);
  }

  /** Flink's own words about the job that the status names. */
  JsonNode job() {
    return told("/jobs/" + jobId());
  }

  /**
   * The only pod of this component of the start that the status tells, as soon as there is one: at
   * times there are those of the start before it too, or of one that is prepared.
   */
  Pod pod(String component) {
    return Awaitility.await("the " + component + " of " + name)
        .atMost(START)
        .pollInterval(LOOK)
        .until(() -> podsOfLaunch(component), pods -> pods.size() == 1)
        .get(0);
  }

  private List<Pod> podsOfLaunch(String component) {
    String epoch = status().launch().epoch().toString();
    return space.pods(name, component).stream()
        .filter(pod -> epoch.equals(pod.getMetadata().getLabels().get(Labels.EPOCH)))
        .toList();
  }

  /** The largest parallelism of the job's vertices, in Flink's own words. */
  int parallelism() {
    int largest = 0;
    for (JsonNode vertex : job().path("vertices")) {
      largest = Math.max(largest, vertex.path("parallelism").asInt());
    }
    return largest;
  }

  /** The snapshot that the running job says it began from; empty: from nothing. */
  String restored() {
    return checkpoints("/latest/restored/external_path");
  }

  /** The newest completed checkpoint, in Flink's own words; empty: none yet. */
  String newestCheckpoint() {
    return checkpoints("/latest/completed/external_path");
  }

  private String checkpoints(String field) {
    return told("/jobs/" + jobId() + "/checkpoints").at(field).asText("");
  }

  /** What its deletion has left to begin another cluster of this name from. */
  String finalSavepoint() {
    return space
        .kubectl()
        .ok("get", "configmap", name + "-final-savepoint", "-o", "jsonpath={.data.path}");
  }

  /**
   * The number of the newest checkpoint that the status tells, as soon as it tells one: tasks that
   * were begun anew in place count theirs anew.
   */
  long checkpointInStatus() {
    FlinkClusterStatus status =
        await(
            "a checkpoint",
            START,
            s -> s.job().checkpoints() != null && s.job().checkpoints().lastPath() != null);
    return checkpoint(status.job().checkpoints().lastPath());
  }

  /** The number of the checkpoint at this path. */
  static long checkpoint(String path) {
    assertThat(path).contains("/chk-");
    return Long.parseLong(path.substring(path.lastIndexOf("/chk-") + "/chk-".length()));
  }
}
