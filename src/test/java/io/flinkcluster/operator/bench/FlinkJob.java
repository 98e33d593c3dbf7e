package io.flinkcluster.operator.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.e2e.E2eNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * The job of the cluster in a namespace, as its own JobManager tells of it, asked through the API
 * server and without a look at the FlinkCluster.
 */
final class FlinkJob {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final E2eNamespace space;

  FlinkJob(E2eNamespace space) {
    this.space = space;
  }

  /**
   * Waits until all its tasks run.
   *
   * @return the last moment at which one of them began to, in milliseconds since the epoch by
   *     Flink's own account: looking adds nothing to it
   */
  long awaitRunning() {
    String job = await("the job's tasks").until(this::running, Optional::isPresent).orElseThrow();
    // Flink may answer from a picture that is three seconds old, in which a task has not begun.
    return await("the times of the tasks")
        .until(() -> runningSince(subtasks(job)), Optional::isPresent)
        .orElseThrow();
  }

  static ConditionFactory await(String what) {
    return Awaitility.await(what).atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(LOOK);
  }

  private Optional<String> running() {
    return ask("/jobs/overview").flatMap(FlinkJob::running);
  }

  /**
   * The id of the job whose tasks all run. A source may have nothing to do for one of them, which
   * then ends.
   *
   * @param overview what {@code /jobs/overview} answered
   */
  static Optional<String> running(JsonNode overview) {
    for (JsonNode job : overview.path("jobs")) {
      JsonNode tasks = job.path("tasks");
      int running = tasks.path("running").asInt();
      if (job.path("state").asText().equals("RUNNING")
          && running > 0
          && running + tasks.path("finished").asInt() == tasks.path("total").asInt()) {
        return Optional.of(job.path("jid").asText());
      }
    }
    return Optional.empty();
  }

  /** What is told of the subtasks of each vertex; empty where not all vertices answered. */
  private List<JsonNode> subtasks(String job) {
    var told = new ArrayList<JsonNode>();
    for (JsonNode vertex :
        ask("/jobs/" + job).map(j -> j.path("vertices")).orElse(JSON.nullNode())) {
      Optional<JsonNode> times =
          ask("/jobs/" + job + "/vertices/" + vertex.path("id").asText() + "/subtasktimes");
      if (times.isEmpty()) {
        return List.of();
      }
      told.add(times.get());
    }
    return told;
  }

  /**
   * When the last subtask began to run; empty while one has not.
   *
   * @param vertices what {@code subtasktimes} answered for each vertex
   */
  static Optional<Long> runningSince(List<JsonNode> vertices) {
    long last = 0;
    for (JsonNode vertex : vertices) {
      for (JsonNode subtask : vertex.path("subtasks")) {
        long began = subtask.at("/timestamps/RUNNING").asLong(-1);
        if (began <= 0) {
          return Optional.empty();
        }
        last = Math.max(last, began);
      }
    }
    return last == 0 ? Optional.empty() : Optional.of(last);
  }

  private Optional<JsonNode> ask(String path) {
    String service = "/services/" + TopSpeed.NAME + "-rest:8081/proxy";
    try {
      String answer = space.client().raw("/api/v1/namespaces/" + space.name() + service + path);
      return answer == null ? Optional.empty() : Optional.of(JSON.readTree(answer));
    } catch (KubernetesClientException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
