package io.flinkcluster.operator.e2e.s3;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands before an S3 server and passes on what it is asked, late or not at all, as a file says:
 * {@code 200 25} delays each request by 200 ms and answers a quarter of them with SlowDown.
 */
public final class SlowProxy {
  private static final byte[] SLOW_DOWN =
      "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
          .getBytes(StandardCharsets.UTF_8);

  /** Those that belong to one connection, or that the client sets itself. */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of("connection", "content-length", "expect", "transfer-encoding", "upgrade");

  private static final int THREADS = 64;
  private static final int EVERY = 100;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicLong asked = new AtomicLong();
  private final String server;
  private final Path trouble;

  private SlowProxy(String server, Path trouble) {
    this.server = server;
    this.trouble = trouble;
  }

  /**
   * Runs for ever.
   *
   * @param args port; address of the server; file with the milliseconds and the percentage
   */
  public static void main(String[] args) throws IOException {
    // The signature of a request is over the host that its client has called.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    System.setProperty("sun.net.httpserver.nodelay", "true");
    var proxy = new SlowProxy(args[1], Path.of(args[2]));
    HttpServer listens = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
    listens.setExecutor(Executors.newFixedThreadPool(THREADS));
    listens.createContext("/", proxy::answer);
    listens.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      long[] wanted = trouble();
      Thread.sleep(wanted[0]);
      long number = asked.incrementAndGet();
      if (number * wanted[1] / EVERY > (number - 1) * wanted[1] / EVERY) {
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(503, length(exchange, SLOW_DOWN));
        write(exchange, SLOW_DOWN);
        return;
      }
      HttpResponse<byte[]> answer =
          client.send(request(exchange, body), BodyHandlers.ofByteArray());
      boolean head = exchange.getRequestMethod().equals("HEAD");
      answer.headers().map().entrySet().stream()
          .filter(header -> head || isPassedOn(header.getKey()))
          .forEach(header -> exchange.getResponseHeaders().put(header.getKey(), header.getValue()));
      exchange.sendResponseHeaders(answer.statusCode(), length(exchange, answer.body()));
      write(exchange, answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Milliseconds and percentage; none while there is no such file, or while it is written. */
  private long[] trouble() {
    try {
      String text = Files.readString(trouble).strip();
      if (text.matches("\\d+ \\d+")) {
        return List.of(text.split(" ")).stream().mapToLong(Long::parseLong).toArray();
      }
    } catch (IOException e) {
      // there is none
    }
    return new long[] {0, 0};
  }

  private HttpRequest request(HttpExchange exchange, byte[] body) {
    var request =
        HttpRequest.newBuilder(URI.create(server + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    exchange.getRequestHeaders().entrySet().stream()
        .filter(header -> isPassedOn(header.getKey()))
        .forEach(
            header -> header.getValue().forEach(value -> request.header(header.getKey(), value)));
    return request.build();
  }

  private static boolean isPassedOn(String header) {
    return !OF_THE_CONNECTION.contains(header.toLowerCase(Locale.ROOT));
  }

  private static long length(HttpExchange exchange, byte[] body) {
    return exchange.getRequestMethod().equals("HEAD") || body.length == 0 ? -1 : body.length;
  }

  private static void write(HttpExchange exchange, byte[] body) throws IOException {
    if (length(exchange, body) > 0) {
      exchange.getResponseBody().write(body);
    }
  }
}
