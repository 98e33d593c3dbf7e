package io.flinkcluster.operator.flinkrest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.flinkcluster.operator.flinkrest.RemoteFailure.Kind;
import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedTaskManager;
import io.flinkcluster.operator.model.SavepointProgress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * {@link FlinkRest} over plain HTTP/1.1 with the JDK's client: a few threads and one selector for
 * any number of JobManagers. Answers of more than 4 MiB or a depth of 64 are refused.
 */
public final class HttpFlinkRest implements FlinkRest, AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private static final String REQUIREMENTS = "/resource-requirements";

  private final JsonCalls calls;

  /** Every call ends within 5 s. */
  public HttpFlinkRest() {
    this(CallListener.NONE);
  }

  /** Every call ends within 5 s, and the listener is told of it. */
  public HttpFlinkRest(CallListener listener) {
    this.calls = new JsonCalls(DEADLINE, listener);
  }

  /**
   * A client of its own.
   *
   * @param deadline within which every call ends, from the connect to the last byte
   */
  public HttpFlinkRest(Duration deadline) {
    this.calls = new JsonCalls(deadline, CallListener.NONE);
  }

  @Override
  public CompletableFuture<List<JobSummary>> jobsOverview(Address address) {
    return get(address, "/jobs/overview").thenApply(Answers::jobs);
  }

  @Override
  public CompletableFuture<Optional<JobGraph>> graph(Address address, String jobId) {
    return known(get(address, job(jobId)).thenApply(Answers::graph));
  }

  @Override
  public CompletableFuture<Optional<ObservedCheckpoints>> checkpoints(
      Address address, String jobId) {
    return known(get(address, job(jobId) + "/checkpoints").thenApply(Answers::checkpoints));
  }

  @Override
  public CompletableFuture<List<ObservedTaskManager>> taskManagers(Address address) {
    return get(address, "/taskmanagers").thenApply(Answers::taskManagers);
  }

  @Override
  public CompletableFuture<OptionalLong> restarts(Address address, String jobId) {
    return list(address, job(jobId) + "/metrics?get=numRestarts")
        .thenApply(metrics -> Answers.sum(metrics, "value"));
  }

  @Override
  public CompletableFuture<Optional<String>> lastFailure(Address address, String jobId) {
    return get(address, job(jobId) + "/exceptions?maxExceptions=1").thenApply(Answers::lastFailure);
  }

  @Override
  public CompletableFuture<List<ApplicationSummary>> applications(Address address) {
    return get(address, "/applications/overview").thenApply(Answers::applications);
  }

  @Override
  public CompletableFuture<Optional<String>> applicationFailure(
      Address address, String applicationId) {
    return get(address, "/applications/" + checked(applicationId) + "/exceptions")
        .thenApply(Answers::lastFailure);
  }

  @Override
  public CompletableFuture<OptionalLong> bufferTimeoutMillis(Address address) {
    return list(address, "/jobmanager/config").thenApply(BufferTimeouts::millis);
  }

  @Override
  public CompletableFuture<List<String>> threadNames(Address address, String taskManagerId) {
    String id = URLEncoder.encode(taskManagerId, StandardCharsets.UTF_8);
    return get(address, "/taskmanagers/" + id + "/thread-dump").thenApply(Answers::threadNames);
  }

  @Override
  public CompletableFuture<SourceMetrics> sourceMetrics(
      Address address, String jobId, String vertexId) {
    return list(address, subtaskMetrics(jobId, vertexId)).thenApply(Answers::sourceMetrics);
  }

  @Override
  public CompletableFuture<OptionalLong> sum(
      Address address, String jobId, String vertexId, List<String> metrics) {
    String names = URLEncoder.encode(String.join(",", metrics), StandardCharsets.UTF_8);
    return list(address, subtaskMetrics(jobId, vertexId) + "?agg=sum&get=" + names)
        .thenApply(found -> Answers.sum(found, "sum"));
  }

  @Override
  public CompletableFuture<Void> stopWithSavepoint(
      Address address, String jobId, String triggerId, String targetDirectory) {
    var body =
        JsonNodeFactory.instance
            .objectNode()
            .put("targetDirectory", targetDirectory)
            .put("drain", false)
            .put("formatType", "CANONICAL")
            .put("triggerId", checked(triggerId));
    return trigger(address, job(jobId) + "/stop", triggerId, body);
  }

  @Override
  public CompletableFuture<Void> savepoint(
      Address address, String jobId, String triggerId, String targetDirectory) {
    var body =
        JsonNodeFactory.instance
            .objectNode()
            .put("target-directory", targetDirectory)
            .put("cancel-job", false)
            .put("formatType", "CANONICAL")
            .put("triggerId", checked(triggerId));
    return trigger(address, job(jobId) + "/savepoints", triggerId, body);
  }

  @Override
  public CompletableFuture<SavepointProgress> savepointProgress(
      Address address, String jobId, String triggerId) {
    var answer =
        get(address, job(jobId) + "/savepoints/" + checked(triggerId))
            .thenApply(node -> SavepointAnswer.read(triggerId, node));
    return known(answer)
        .thenApply(found -> found.orElseGet(() -> new SavepointProgress.Unknown(triggerId)));
  }

  @Override
  public CompletableFuture<Optional<SortedMap<String, Bounds>>> requirements(
      Address address, String jobId) {
    return known(get(address, job(jobId) + REQUIREMENTS).thenApply(Requirements::read));
  }

  @Override
  public CompletableFuture<Void> require(
      Address address, String jobId, SortedMap<String, Bounds> bounds) {
    String body = Requirements.write(bounds).toString();
    return calls.call("PUT", address, job(jobId) + REQUIREMENTS, body).thenApply(node -> null);
  }

  @Override
  public CompletableFuture<Void> checkpoint(Address address, String jobId, String triggerId) {
    var body =
        JsonNodeFactory.instance
            .objectNode()
            .put("checkpointType", "CONFIGURED")
            .put("triggerId", checked(triggerId));
    return trigger(address, job(jobId) + "/checkpoints", triggerId, body);
  }

  @Override
  public CompletableFuture<String> disposeSavepoint(Address address, String path) {
    String body = JsonNodeFactory.instance.objectNode().put("savepoint-path", path).toString();
    return calls
        .call("POST", address, "/savepoint-disposal", body)
        .thenApply(answer -> Fields.id(answer, "request-id"));
  }

  @Override
  public CompletableFuture<DisposalProgress> disposalProgress(Address address, String requestId) {
    return known(
            get(address, "/savepoint-disposal/" + checked(requestId))
                .thenApply(DisposalAnswer::read))
        .thenApply(found -> found.orElse(new DisposalProgress(DisposalProgress.State.UNKNOWN, "")));
  }

  @Override
  public CompletableFuture<Void> cancel(Address address, String jobId) {
    return calls.call("PATCH", address, job(jobId) + "?mode=cancel", "").thenApply(node -> null);
  }

  @Override
  public void close() {
    calls.close();
  }

  private CompletableFuture<Void> trigger(
      Address address, String path, String triggerId, JsonNode body) {
    return calls
        .call("POST", address, path, body.toString())
        .thenApply(
            answer -> {
              // Another id would mean that Flink did not take ours: a repetition would start anew.
              if (!answer.path("request-id").asText().equals(triggerId)) {
                throw new RemoteFailure(Kind.BROKEN_ANSWER, "Flink did not take the trigger id");
              }
              return null;
            });
  }

  private CompletableFuture<JsonNode> get(Address address, String path) {
    return calls.call("GET", address, path, "");
  }

  private CompletableFuture<JsonNode> list(Address address, String path) {
    return get(address, path).thenApply(Fields::list);
  }

  private static String job(String jobId) {
    return "/jobs/" + checked(jobId);
  }

  private static String subtaskMetrics(String jobId, String vertexId) {
    return job(jobId) + "/vertices/" + checked(vertexId) + "/subtasks/metrics";
  }

  private static String checked(String id) {
    if (!Fields.isId(id)) {
      throw new IllegalArgumentException("not an id of 32 hex digits");
    }
    return id;
  }

  /** Empty where Flink says that it does not know what was asked for. */
  private static <T> CompletableFuture<Optional<T>> known(CompletableFuture<T> call) {
    return call.handle(
        (value, failure) -> {
          if (failure == null) {
            return Optional.of(value);
          }
          Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
          if (cause instanceof RemoteFailure remote && remote.kind() == Kind.NOT_FOUND) {
            return Optional.empty();
          }
          throw new CompletionException(cause);
        });
  }
}
