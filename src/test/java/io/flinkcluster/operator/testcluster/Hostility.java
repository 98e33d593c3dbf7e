package io.flinkcluster.operator.testcluster;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What a JobManager may answer whose job has taken it over. */
final class Hostility {
  private Hostility() {}

  /** Answers with harm, if that is what this behaviour is. */
  static boolean does(FakeCluster.Rest behaviour, HttpExchange exchange, String lie)
      throws IOException {
    switch (behaviour) {
      case ENDLESS -> endless(exchange);
      case REDIRECTS -> {
        exchange.getResponseHeaders().add("Location", lie + exchange.getRequestURI());
        exchange.sendResponseHeaders(307, -1);
      }
      case DEEP -> answer(exchange, "{\"jobs\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
      case LIES ->
          answer(
              exchange,
              """
              {"jobs":[{"jid":"%1$s","name":"%2$s","state":"FAILED","start-time":%3$s,\
              "end-time":-%3$s,"duration":%3$s,"last-modification":%3$s,\
              "tasks":{"total":%3$s,"running":-1}}],"taskmanagers":[{"id":"%2$s",\
              "slotsNumber":%3$s,"freeSlots":-%3$s}],"latest":{"completed":{"id":%3$s,\
              "external_path":"s3://other/%2$s"}},"vertices":[{"id":"%1$s","parallelism":%3$s}],\
              "status":{"id":"COMPLETED"},"request-id":"%1$s"}"""
                  .formatted(lie, "\\n\\u0000".repeat(1000), "9".repeat(400)));
      default -> {
        return false;
      }
    }
    exchange.close();
    return true;
  }

  private static void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    byte[] block = "{\"jobs\":[],\"a\":".repeat(500).getBytes(StandardCharsets.UTF_8);
    while (true) {
      out.write(block); // until the other side has had enough
    }
  }

  private static void answer(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
