package io.flinkcluster.operator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
  private final AtomicReference<List<String>> live = new AtomicReference<>(List.of());
  private final AtomicReference<List<String>> ready = new AtomicReference<>(List.of());
  private final AtomicReference<Supplier<String>> metrics = new AtomicReference<>(() -> "up 1\n");
  private final HealthServer server =
      new HealthServer(0, live::get, ready::get, () -> metrics.get().get());
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void probesWithoutComplaintSayOk() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").body()).isEqualTo("ok\n");
  }

  @Test
  void aComplaintFailsItsOwnProbeOnly() throws Exception {
    ready.set(List.of("starting", "cold"));
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/readyz").body()).isEqualTo("starting\ncold\n");
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    live.set(List.of("deadlock"));
    assertThat(get("/livez").statusCode()).isEqualTo(503);
  }

  @Test
  void metricsAreTextThatPrometheusReads() throws Exception {
    var answer = get("/metrics");
    assertThat(answer.body()).isEqualTo("up 1\n");
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
  }

  @Test
  void scrapesThatTakeLongDelayNoProbe() throws Exception {
    var rendered = new CountDownLatch(1);
    metrics.set(
        () -> {
          await(rendered);
          return "late 1\n";
        });
    var scrapes =
        Stream.generate(
                () -> client.sendAsync(request("/metrics").build(), BodyHandlers.ofString()))
            .limit(4)
            .toList();
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);
    assertThat(scrapes).noneMatch(CompletableFuture::isDone);
    rendered.countDown();
    for (var scrape : scrapes) {
      assertThat(scrape.get(1, TimeUnit.MINUTES).body()).isEqualTo("late 1\n");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void metricsThatCannotBeToldEndTheirOwnScrapeOnly() throws Exception {
    metrics.set(
        () -> {
          throw new IllegalStateException("as a test wants it");
        });
    assertThatThrownBy(() -> get("/metrics")).isInstanceOf(IOException.class);
    metrics.set(() -> "up 1\n");
    assertThat(get("/metrics").body()).isEqualTo("up 1\n");
  }

  @Test
  void nothingElseIsServed() throws Exception {
    for (String path : List.of("/", "/livez/x", "/env", "/metrics2", "/metrics/x")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(404);
    }
    var post = request("/metrics").POST(BodyPublishers.ofString("x")).build();
    assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  @Test
  void aHeadRequestHasNoBody() throws Exception {
    var head = request("/livez").method("HEAD", BodyPublishers.noBody()).build();
    var answer = client.send(head, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void aTakenPortIsNamed() {
    assertThatThrownBy(() -> new HealthServer(server.port(), List::of, List::of, () -> ""))
        .hasMessageContaining("Port " + server.port());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }
}
