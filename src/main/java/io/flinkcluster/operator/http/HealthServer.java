package io.flinkcluster.operator.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /livez}, {@code /readyz} and {@code /metrics} over plain HTTP, and nothing
 * else. A probe is answered with 200 and {@code ok}, or with 503 and one line for each complaint.
 * Metrics are rendered one scrape after the other, on a thread of their own: no probe waits for
 * them.
 */
public final class HealthServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);

  private static final String PATHS = "only /livez, /readyz and /metrics\n";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads;
  private final ExecutorService scrapes;

  /**
   * Binds the port on every address and starts to answer.
   *
   * @param port 0–65535; 0 takes any free one
   * @param live complaints that only a new process can help; empty means alive
   * @param ready why this replica cannot take over at once; empty means ready
   * @param metrics all meters in Prometheus' text format 0.0.4
   * @throws UncheckedIOException when the port is taken
   */
  public HealthServer(
      int port,
      Supplier<List<String>> live,
      Supplier<List<String>> ready,
      Supplier<String> metrics) {
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("Port " + port + " for probes and metrics is not free", e);
    }
    threads = Executors.newFixedThreadPool(2, HealthServer::daemon);
    scrapes = Executors.newSingleThreadExecutor(HealthServer::daemon);
    server.setExecutor(threads);
    server.createContext("/", exchange -> answer(exchange, live, ready));
    server.createContext("/metrics", exchange -> scrapes.execute(() -> scrape(exchange, metrics)));
    server.start();
  }

  /** The port that is bound, also where 0 was asked for. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    scrapes.shutdownNow();
  }

  private static void answer(
      HttpExchange exchange, Supplier<List<String>> live, Supplier<List<String>> ready)
      throws IOException {
    try (exchange) {
      if (isOther(exchange)) {
        return;
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/livez" -> probe(exchange, live.get());
        case "/readyz" -> probe(exchange, ready.get());
        default -> send(exchange, 404, TEXT, PATHS);
      }
    }
  }

  private static void scrape(HttpExchange exchange, Supplier<String> metrics) {
    try (exchange) {
      if (isOther(exchange)) {
        return;
      }
      if (!exchange.getRequestURI().getPath().equals("/metrics")) {
        send(exchange, 404, TEXT, PATHS);
        return;
      }
      send(exchange, 200, PROMETHEUS, metrics.get());
    } catch (IOException e) {
      LOG.debug("nobody waits for these metrics any more", e);
    } catch (RuntimeException e) {
      LOG.warn("the metrics could not be told", e);
    }
  }

  /** Answers what is neither GET nor HEAD. */
  private static boolean isOther(HttpExchange exchange) throws IOException {
    if (List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
      return false;
    }
    send(exchange, 405, TEXT, "only GET\n");
    return true;
  }

  private static void probe(HttpExchange exchange, List<String> complaints) throws IOException {
    if (complaints.isEmpty()) {
      send(exchange, 200, TEXT, "ok\n");
    } else {
      send(exchange, 503, TEXT, String.join("\n", complaints) + "\n");
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static final AtomicInteger COUNT = new AtomicInteger();

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "health-" + COUNT.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
