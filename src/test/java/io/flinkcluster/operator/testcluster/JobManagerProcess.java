package io.flinkcluster.operator.testcluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flinkcluster.operator.testcluster.FakeCluster.Call;
import io.flinkcluster.operator.testcluster.FakeCluster.Rest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A JobManager's REST API on the address of its pod. */
final class JobManagerProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final FlinkProcess process;
  private final FakeCluster cluster;
  private final FlinkAnswers answers;
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            var thread = new Thread(task, "fake-flink-rest");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, FakeJob.Disposal> disposals = new HashMap<>();
  private FakeJob job;

  /** What was asked of jobs that it does not know, by job id and trigger id. */
  private final Map<String, Map<String, FakeJob.Savepoint>> ofNobody = new HashMap<>();

  JobManagerProcess(FlinkProcess process, FakeCluster cluster) {
    this.process = process;
    this.cluster = cluster;
    this.answers = new FlinkAnswers(this, cluster);
    try {
      server = HttpServer.create(new InetSocketAddress(process.ip(), process.restPort()), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(process.ip() + ":" + process.restPort(), e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** The job; empty in a session cluster and in a standby. */
  Optional<FakeJob> job() {
    return Optional.ofNullable(job);
  }

  void job(FakeJob started) {
    job = started;
  }

  private void handle(HttpExchange exchange) throws IOException {
    cluster.askedAgain();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath().replaceFirst("^/v1/", "/");
    boolean changes = !method.equals("GET");
    if (changes) {
      cluster.call(call(method, path, body));
    }
    Rest rest = cluster.rest();
    if (rest == Rest.HANGS) {
      return;
    }
    if (Hostility.does(rest, exchange, cluster.lie())) {
      return;
    }
    Answer answer = rest == Rest.FAILS ? Answer.error(500, "scripted") : answer(method, path, body);
    if (rest == Rest.LOSES_ANSWERS && changes) {
      exchange.close();
      return;
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json; charset=UTF-8");
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static Call call(String method, String path, String body) throws IOException {
    String[] parts = path.split("/");
    String jobId = parts.length > 2 && parts[1].equals("jobs") ? parts[2] : "";
    return new Call(method, path, jobId, tree(body).path("triggerId").asText(""), body);
  }

  private static JsonNode tree(String body) throws IOException {
    return body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
  }

  record Answer(int status, String body) {
    static Answer ok(JsonNode node) {
      return new Answer(200, node.toString());
    }

    static Answer accepted(JsonNode node) {
      return new Answer(202, node.toString());
    }

    static Answer error(int status, String message) {
      return new Answer(
          status,
          JSON.createObjectNode().set("errors", JSON.createArrayNode().add(message)).toString());
    }
  }

  private Answer answer(String method, String path, String body) throws IOException {
    synchronized (cluster) {
      List<String> parts = List.of(path.substring(1).split("/"));
      return switch (parts.get(0)) {
        case "config" -> Answer.ok(answers.config());
        case "overview" -> Answer.ok(answers.overview());
        case "taskmanagers" ->
            parts.size() == 3 ? threads(parts.get(1)) : Answer.ok(answers.taskManagers());
        case "jobmanager" -> Answer.ok(answers.jobManagerConfig());
        case "jobs" -> jobs(method, parts, body);
        case "savepoint-disposal" -> disposal(method, parts, body);
        default -> Answer.error(404, "Not found: " + path);
      };
    }
  }

  private Answer jobs(String method, List<String> parts, String body) throws IOException {
    if (parts.size() == 2 && parts.get(1).equals("overview")) {
      return Answer.ok(answers.jobsOverview());
    }
    FakeJob asked = job().filter(j -> parts.size() > 1 && j.id.equals(parts.get(1))).orElse(null);
    String what = parts.size() > 2 ? parts.get(2) : "";
    if (method.equals("POST") && List.of("stop", "savepoints").contains(what)) {
      return savepoint(asked, parts.get(1), what.equals("stop"), tree(body));
    }
    if (method.equals("POST") && what.equals("checkpoints")) {
      if (asked != null) {
        cluster.completeCheckpoint();
      }
      return Answer.accepted(
          JSON.createObjectNode().put("request-id", tree(body).path("triggerId").asText()));
    }
    if (asked == null) {
      return ofNobody(parts, what);
    }
    if (what.equals("resource-requirements")) {
      return requirements(asked, method, tree(body));
    }
    if (method.equals("PATCH")) {
      if (asked.ended() && !asked.state.equals("CANCELED")) {
        return Answer.error(409, "Job is already in state " + asked.state);
      }
      cluster.cancel(asked);
      return Answer.accepted(JSON.createObjectNode());
    }
    return switch (what) {
      case "" -> Answer.ok(answers.job(asked));
      case "status" -> Answer.ok(JSON.createObjectNode().put("status", asked.state));
      case "checkpoints" -> checkpoints(asked);
      case "metrics" -> Answer.ok(answers.metrics(asked));
      case "exceptions" -> Answer.ok(answers.exceptions(asked));
      case "savepoints" -> progress(asked.savepoints, parts.get(3));
      case "vertices" -> Answer.ok(answers.vertexMetrics(asked, parts.get(3)));
      default -> Answer.error(404, "Not found: " + what);
    };
  }

  /** What it says of a job that it does not know. */
  private Answer ofNobody(List<String> parts, String what) {
    return switch (what) {
      case "savepoints" -> progress(ofNobody.getOrDefault(parts.get(1), Map.of()), parts.get(3));
      case "metrics" -> Answer.ok(JSON.createArrayNode());
      case "resource-requirements" -> Answer.error(500, "Could not find Flink job");
      default -> Answer.error(404, "org.apache.flink.runtime.messages.FlinkJobNotFoundException");
    };
  }

  /** Like Flink 2.3: all vertices, and no bound that one of them cannot have. */
  private Answer requirements(FakeJob asked, String method, JsonNode body) {
    if (!asked.adaptive || cluster.refusesRequirements()) {
      return Answer.error(500, "does not support changing the parallelism without a job restart");
    }
    if (method.equals("GET")) {
      return Answer.ok(answers.requirements(asked));
    }
    int upper = body.path(FlinkAnswers.SOURCE).at("/parallelism/upperBound").asInt();
    boolean whole =
        body.size() == 2 && body.has(FlinkAnswers.SOURCE) && body.has(FlinkAnswers.SINK);
    if (!whole || upper < 1 || upper > asked.maxParallelism) {
      return Answer.error(400, "bad requirements: " + body);
    }
    cluster.require(asked, upper);
    return Answer.ok(JSON.createObjectNode());
  }

  /** Knows its requests as long as it lives, by ids of its own, like Flink. */
  private Answer disposal(String method, List<String> parts, String body) throws IOException {
    if (method.equals("POST")) {
      String path = tree(body).path("savepoint-path").asText("");
      if (path.isEmpty()) {
        return Answer.error(400, "no path: " + body);
      }
      String id = UUID.randomUUID().toString().replace("-", "");
      disposals.put(id, cluster.dispose(path));
      return Answer.accepted(JSON.createObjectNode().put("request-id", id));
    }
    var asked = parts.size() > 1 ? disposals.get(parts.get(1)) : null;
    return asked == null
        ? Answer.error(404, "There is no savepoint disposal operation with this id")
        : Answer.ok(answers.disposal(asked));
  }

  private Answer checkpoints(FakeJob asked) {
    return process.checkpointed()
        ? Answer.ok(answers.checkpoints(asked))
        : Answer.error(404, "Checkpointing has not been enabled.");
  }

  /** Like Flink, says 202 also for a job it does not know; only the progress tells. */
  private Answer savepoint(FakeJob asked, String jobId, boolean stop, JsonNode body) {
    String directory = body.path(stop ? "targetDirectory" : "target-directory").asText("");
    String triggerId = body.path("triggerId").asText("");
    if (directory.isEmpty() || triggerId.isEmpty()) {
      return Answer.error(400, "no directory or no trigger id: " + body);
    }
    if (asked != null) {
      cluster.savepoint(asked, triggerId, directory, stop);
    } else {
      var failed = new FakeJob.Savepoint(triggerId, stop);
      failed.failure = Optional.of("FlinkJobNotFoundException: Could not find Flink job " + jobId);
      ofNobody.computeIfAbsent(jobId, id -> new HashMap<>()).put(triggerId, failed);
    }
    return Answer.accepted(JSON.createObjectNode().put("request-id", triggerId));
  }

  private Answer threads(String taskManager) {
    return cluster.taskManagers(this).stream().anyMatch(t -> t.pod().equals(taskManager))
        ? Answer.ok(answers.threads())
        : Answer.error(500, "No TaskExecutor registered under " + taskManager);
  }

  private Answer progress(Map<String, FakeJob.Savepoint> known, String triggerId) {
    var savepoint = known.get(triggerId);
    return savepoint == null
        ? Answer.error(404, "There is no savepoint operation with triggerId=" + triggerId)
        : Answer.ok(answers.savepoint(savepoint));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
