package io.flinkcluster.operator.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The part of S3 that the operator uses, on loopback, with paths that begin with the bucket. Pages
 * of a listing hold a thousand entries at most, as those of S3 do.
 */
public final class FakeS3 implements AutoCloseable {
  private static final int PAGE = 1000;

  /** Objects by {@code bucket/key}. */
  public final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

  /** Requests as {@code GET /path?query}. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  /** What {@code Authorization} said, by request. */
  public final List<String> authorizations = new CopyOnWriteArrayList<>();

  private final CopyOnWriteArrayList<Fault> faults = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  private record Fault(int status, String code, int promised) {}

  public FakeS3() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public S3Access access() {
    return new S3Access(
        Optional.of("http://127.0.0.1:" + server.getAddress().getPort()),
        Optional.of("eu-central-1"),
        true,
        Optional.of("key"),
        Optional.of("secret"));
  }

  public void put(String place, byte[] content) {
    objects.put(place, content);
  }

  public void put(String place) {
    put(place, new byte[0]);
  }

  /** The next requests are refused, one for each time this was called. */
  public void refuse(int status, String code) {
    faults.add(new Fault(status, code, 0));
  }

  /** The next answer promises this many bytes more than it sends. */
  public void breakOff(int missing) {
    faults.add(new Fault(200, "", missing));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      Fault fault = faults.isEmpty() ? null : faults.remove(0);
      if (fault != null && fault.status() != 200) {
        error(exchange, fault.status(), fault.code());
        return;
      }
      Map<String, String> query = query(exchange);
      String path = exchange.getRequestURI().getPath().substring(1);
      if (query.containsKey("list-type")) {
        list(exchange, path.replaceFirst("/$", ""), query);
      } else {
        get(exchange, path, fault == null ? 0 : fault.promised());
      }
    }
  }

  private void get(HttpExchange exchange, String place, int missing) throws IOException {
    byte[] content = objects.get(place);
    if (content == null) {
      error(exchange, 404, "NoSuchKey");
      return;
    }
    exchange.sendResponseHeaders(
        200, content.length + missing == 0 ? -1 : content.length + missing);
    exchange.getResponseBody().write(content);
    exchange.getResponseBody().flush();
  }

  private void list(HttpExchange exchange, String bucket, Map<String, String> query)
      throws IOException {
    String prefix = query.getOrDefault("prefix", "");
    String delimiter = query.getOrDefault("delimiter", "");
    String after = query.getOrDefault("continuation-token", "");
    int most = Math.min(PAGE, Integer.parseInt(query.getOrDefault("max-keys", "" + PAGE)));
    var entries = new TreeSet<String>();
    for (String place : objects.keySet()) {
      if (place.startsWith(bucket + "/" + prefix)) {
        String key = place.substring(bucket.length() + 1);
        int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
        entries.add(end < 0 ? key : key.substring(0, end + 1));
      }
    }
    var page = entries.tailSet(after, false).stream().limit(most).toList();
    boolean more = entries.tailSet(after, false).size() > most;
    var xml = new StringBuilder("<ListBucketResult><IsTruncated>" + more + "</IsTruncated>");
    if (more) {
      xml.append(
          "<NextContinuationToken>" + page.get(page.size() - 1) + "</NextContinuationToken>");
    }
    for (String entry : page) {
      xml.append(
          !delimiter.isEmpty() && entry.endsWith(delimiter)
              ? "<CommonPrefixes><Prefix>" + entry + "</Prefix></CommonPrefixes>"
              : "<Contents><Key>" + entry + "</Key><Size>1</Size></Contents>");
    }
    send(exchange, 200, xml + "</ListBucketResult>");
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    send(exchange, status, "<Error><Code>" + code + "</Code><Message>said by S3</Message></Error>");
  }

  private static void send(HttpExchange exchange, int status, String xml) throws IOException {
    byte[] body = xml.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static Map<String, String> query(HttpExchange exchange) {
    var query = new HashMap<String, String>();
    String text = exchange.getRequestURI().getRawQuery();
    for (String pair : text == null ? new String[0] : text.split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(
          parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
