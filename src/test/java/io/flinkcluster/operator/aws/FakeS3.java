package io.flinkcluster.operator.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of S3 that the operator and Flink's plugins use for small objects, with paths that begin
 * with the bucket. Pages of a listing hold a thousand entries at most, as those of S3 do. It knows
 * no rights, unless it is told to refuse.
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

  private final CopyOnWriteArrayList<Refusal> refusals = new CopyOnWriteArrayList<>();

  /** What is asked about a bucket, as {@code bucket?lifecycle}, and the answer to it. */
  private final Map<String, String> configurations = new ConcurrentHashMap<>();

  private volatile boolean versioned;

  private record Fault(int status, String code, int promised) {}

  /** How a server answers that is not well. */
  public enum Manner {
    /** It takes the request and says nothing. */
    HANGS,
    /** It sends the head and then no more than spaces, one after another, for ever. */
    TRICKLES,
    /** It ends the connection in the middle of its answer. */
    CUTS,
    /** It ends the connection without an answer. */
    CLOSES
  }

  private record Illness(Predicate<String> requests, Manner manner) {}

  private final CopyOnWriteArrayList<Illness> illnesses = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  private record Refusal(
      Predicate<String> requests, int status, String code, String said, Map<String, String> head) {}

  /** On any free port of loopback. */
  public FakeS3() {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  FakeS3(InetSocketAddress address) {
    try {
      server = HttpServer.create(address, 0);
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

  /**
   * From now on requests are refused that match.
   *
   * @param requests of {@code METHOD /path?query}
   * @param said the message of the error
   */
  public void refuse(Predicate<String> requests, int status, String code, String said) {
    refuse(requests, status, code, said, Map.of());
  }

  /** The same with headers. */
  public void refuse(
      Predicate<String> requests, int status, String code, String said, Map<String, String> head) {
    refusals.add(new Refusal(requests, status, code, said, head));
  }

  /** From now on requests are answered so that match. */
  public void misbehave(Predicate<String> requests, Manner manner) {
    illnesses.add(new Illness(requests, manner));
  }

  /** From now on nothing is refused but what is told later. */
  public void allow() {
    refusals.clear();
  }

  /**
   * The bucket has this configuration, in the XML of S3: {@code lifecycle}, {@code object-lock}.
   */
  public void configure(String bucket, String what, String xml) {
    configurations.put(bucket + "?" + what, xml);
  }

  /** All buckets keep versions. */
  public void keepVersions() {
    versioned = true;
  }

  /** The next answer promises this many bytes more than it sends. */
  public void breakOff(int missing) {
    faults.add(new Fault(200, "", missing));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      requests.add(request);
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      Fault fault = faults.isEmpty() ? null : faults.remove(0);
      if (fault != null && fault.status() != 200) {
        error(exchange, fault.status(), fault.code());
        return;
      }
      Optional<Illness> illness =
          illnesses.stream().filter(i -> i.requests().test(request)).findFirst();
      if (illness.isPresent()) {
        misbehave(exchange, illness.get().manner());
        return;
      }
      Optional<Refusal> refusal =
          refusals.stream().filter(r -> r.requests().test(request)).findFirst();
      if (refusal.isPresent()) {
        exchange.getRequestBody().readAllBytes();
        refusal.get().head().forEach(exchange.getResponseHeaders()::set);
        error(exchange, refusal.get().status(), refusal.get().code(), refusal.get().said());
        return;
      }
      Map<String, String> query = query(exchange);
      String path = exchange.getRequestURI().getPath().substring(1);
      String bucket = path.replaceFirst("/.*", "");
      switch (exchange.getRequestMethod()) {
        case "PUT" -> put(exchange, path);
        case "DELETE" -> {
          objects.remove(path);
          exchange.sendResponseHeaders(204, -1);
        }
        case "POST" -> deleteAll(exchange, bucket);
        default -> {
          if (query.containsKey("lifecycle")) {
            configuration(exchange, bucket, "lifecycle", "NoSuchLifecycleConfiguration");
          } else if (query.containsKey("object-lock")) {
            configuration(exchange, bucket, "object-lock", "ObjectLockConfigurationNotFoundError");
          } else if (path.equals(bucket) || path.equals(bucket + "/")) {
            list(exchange, bucket, query);
          } else {
            get(exchange, path, fault == null ? 0 : fault.promised());
          }
        }
      }
    }
  }

  private void misbehave(HttpExchange exchange, Manner manner) throws IOException {
    try {
      exchange.getRequestBody().readAllBytes();
      switch (manner) {
        case HANGS -> closed.await();
        case CLOSES -> exchange.close();
        case TRICKLES -> {
          exchange.getResponseHeaders().set("Content-Type", "application/xml");
          exchange.sendResponseHeaders(200, 0);
          while (!closed.await(20, TimeUnit.MILLISECONDS)) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
          }
        }
        case CUTS -> {
          byte[] half = "<ListBucketResult><IsTruncated>fal".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/xml");
          exchange.sendResponseHeaders(200, half.length + 100L);
          exchange.getResponseBody().write(half);
          exchange.getResponseBody().flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void configuration(HttpExchange exchange, String bucket, String what, String missing)
      throws IOException {
    String xml = configurations.get(bucket + "?" + what);
    if (xml == null) {
      error(exchange, 404, missing);
    } else {
      send(exchange, 200, xml);
    }
  }

  private void put(HttpExchange exchange, String place) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String kind = String.valueOf(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"));
    byte[] content = kind.startsWith("STREAMING-") ? unchunked(body) : body;
    objects.put(place, content);
    if (versioned) {
      exchange.getResponseHeaders().set("x-amz-version-id", "v1");
    }
    exchange.getResponseHeaders().set("ETag", "\"" + md5(content) + "\"");
    exchange.sendResponseHeaders(200, -1);
  }

  /** Each chunk is {@code length in hex;chunk-signature=…} and the bytes, in lines. */
  private static byte[] unchunked(byte[] body) {
    var content = new ByteArrayOutputStream();
    int at = 0;
    while (at < body.length) {
      int line = at;
      while (body[line] != '\n') {
        line++;
      }
      String head = new String(body, at, line - at, StandardCharsets.US_ASCII).strip();
      int length = Integer.parseInt(head.replaceFirst(";.*", ""), 16);
      if (length == 0) {
        break;
      }
      content.write(body, line + 1, length);
      at = line + 1 + length + 2;
    }
    return content.toByteArray();
  }

  private void deleteAll(HttpExchange exchange, String bucket) throws IOException {
    String xml = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Pattern.compile("<Key>([^<]*)</Key>")
        .matcher(xml)
        .results()
        .forEach(key -> objects.remove(bucket + "/" + key.group(1)));
    send(exchange, 200, "<DeleteResult></DeleteResult>");
  }

  private void get(HttpExchange exchange, String place, int missing) throws IOException {
    byte[] content = objects.get(place);
    if (content == null) {
      error(exchange, 404, "NoSuchKey");
      return;
    }
    var headers = exchange.getResponseHeaders();
    headers.set("ETag", "\"" + md5(content) + "\"");
    headers.set("Content-Type", "application/octet-stream"); // S3 never leaves it out
    headers.set("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT");
    headers.set("Accept-Ranges", "bytes");
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", "" + content.length);
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    Matcher range =
        Pattern.compile("bytes=(\\d+)-(\\d*)")
            .matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
    byte[] part = content;
    if (range.matches()) {
      int from = Integer.parseInt(range.group(1));
      long last = range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2));
      int to = (int) Math.min(content.length - 1L, last);
      headers.set("Content-Range", "bytes " + from + "-" + to + "/" + content.length);
      part = Arrays.copyOfRange(content, from, to + 1);
    }
    int length = part.length + missing;
    exchange.sendResponseHeaders(range.matches() ? 206 : 200, length == 0 ? -1 : length);
    if (length > 0) {
      exchange.getResponseBody().write(part);
      exchange.getResponseBody().flush();
    }
  }

  private static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void list(HttpExchange exchange, String bucket, Map<String, String> query)
      throws IOException {
    String prefix = query.getOrDefault("prefix", "");
    String delimiter = query.getOrDefault("delimiter", "");
    String after = query.getOrDefault("continuation-token", query.getOrDefault("marker", ""));
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
      xml.append("<NextMarker>" + page.get(page.size() - 1) + "</NextMarker>");
    }
    for (String entry : page) {
      xml.append(
          !delimiter.isEmpty() && entry.endsWith(delimiter)
              ? "<CommonPrefixes><Prefix>" + entry + "</Prefix></CommonPrefixes>"
              : "<Contents><Key>"
                  + entry
                  + "</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>x</ETag><Size>"
                  + objects.get(bucket + "/" + entry).length
                  + "</Size><StorageClass>STANDARD</StorageClass></Contents>");
    }
    send(exchange, 200, xml + "</ListBucketResult>");
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    error(exchange, status, code, "said by S3");
  }

  private static void error(HttpExchange exchange, int status, String code, String said)
      throws IOException {
    send(
        exchange,
        status,
        "<Error><Code>" + code + "</Code><Message>" + said + "</Message></Error>");
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
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
