package io.flinkcluster.operator.flinkrest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.flinkcluster.operator.flinkrest.RemoteFailure.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * JSON over HTTP/1.1 with a peer that is not trusted: no redirect is followed, no proxy asked, the
 * length, depth and total time of an answer are bounded.
 */
final class JsonCalls implements AutoCloseable {

  private static final int MAX_BYTES = 4 * 1024 * 1024;
  private static final int MAX_DEPTH = 64;

  /** Answers are read and understood on these: a large one must leave room for others. */
  private static final int THREADS = 16;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(MAX_BYTES)
                          .build())
                  .build())
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Pattern IDS = Pattern.compile("/[0-9a-f]{32}|(?<=/taskmanagers)/[^/]+");

  private final Duration deadline;
  private final CallListener listener;
  private final ExecutorService executor;
  private final HttpClient client;

  JsonCalls(Duration deadline, CallListener listener) {
    this.deadline = deadline;
    this.listener = listener;
    this.executor = threads();
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(deadline)
            // What the client does itself never waits, and addresses are no names to be looked up:
            // handing it from thread to thread would cost a quarter of all processor time.
            .executor(Runnable::run)
            .build();
  }

  private static ExecutorService threads() {
    var pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              var thread = new Thread(task, "flink-rest");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * Sends a request and reads the JSON object or array that is answered with a status of 2xx.
   *
   * @param path begins with a slash, encoded already
   * @param body JSON; empty: none
   */
  CompletableFuture<JsonNode> call(String method, Address address, String path, String body) {
    var publisher =
        body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body);
    var request =
        HttpRequest.newBuilder(URI.create("http://" + address.authority() + path))
            .method(method, publisher)
            .header("Accept", "application/json")
            .header("Content-Type", "application/json")
            .build();
    long begun = System.nanoTime();
    var sent = client.sendAsync(request, head -> new CappedBody(MAX_BYTES));
    // The client's own timeout ends with the answer's head; this one spans its last byte too.
    return sent.copy()
        .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
        .handleAsync(
            (response, failure) -> {
              if (failure != null) {
                sent.cancel(true);
                throw failed(failure, address);
              }
              return read(response);
            },
            executor)
        .whenComplete((answer, failure) -> tell(method, path, failure, begun));
  }

  private void tell(String method, String path, Throwable failure, long begun) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    String result =
        cause == null ? "OK" : cause instanceof RemoteFailure f ? f.kind().name() : "FAILED";
    int query = path.indexOf('?');
    String name = IDS.matcher(query < 0 ? path : path.substring(0, query)).replaceAll("/:id");
    listener.ended(method, name, result, Duration.ofNanos(System.nanoTime() - begun));
  }

  private static JsonNode read(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return json(response.body());
    }
    if (status == 408 || status == 429 || status >= 500) {
      throw new RemoteFailure(Kind.UNREACHABLE, "Flink's REST API answered " + status);
    }
    if (status < 400) {
      throw new RemoteFailure(Kind.BROKEN_ANSWER, "not Flink's REST API: it answered " + status);
    }
    JsonNode errors = json(response.body()).path("errors");
    if (!errors.isArray()) {
      throw new RemoteFailure(Kind.BROKEN_ANSWER, "not Flink's REST API: it answered " + status);
    }
    Kind kind = status == 404 ? Kind.NOT_FOUND : Kind.REFUSED;
    throw new RemoteFailure(kind, "Flink answered " + status + ": " + firstLine(errors));
  }

  private static String firstLine(JsonNode errors) {
    return errors.path(0).asText("").lines().findFirst().orElse("");
  }

  private static JsonNode json(byte[] body) {
    try {
      JsonNode node = JSON.readTree(body);
      if (node.isContainerNode()) {
        return node;
      }
    } catch (IOException e) {
      // Jackson's message quotes the text, which is not ours to repeat.
    }
    throw new RemoteFailure(Kind.BROKEN_ANSWER, "not Flink's REST API: the answer is not JSON");
  }

  private RemoteFailure failed(Throwable failure, Address address) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof RemoteFailure)) {
      cause = cause.getCause();
    }
    if (cause instanceof RemoteFailure known) {
      return known;
    }
    cause = failure instanceof CompletionException ? failure.getCause() : failure;
    String who = "Flink's REST API at " + address.authority();
    if (cause instanceof TimeoutException || cause instanceof CancellationException) {
      return new RemoteFailure(
          Kind.UNREACHABLE, who + " did not answer within " + deadline.toMillis() + " ms");
    }
    String detail = cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return new RemoteFailure(
        Kind.UNREACHABLE, who + " does not answer: " + cause.getClass().getSimpleName() + detail);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
