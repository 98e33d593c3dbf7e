package io.flinkcluster.operator.proof;

import io.flinkcluster.operator.testcluster.ApiServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between one client and the API server: plain HTTP/1.1 on loopback on the one side, TLS on
 * the other. Requests go through a handler; watches, which are WebSockets, through a filter of
 * their events. The client's credentials go with its requests.
 */
final class ApiProxy implements AutoCloseable {
  /** The API server. */
  interface Upstream {
    Reply send(ApiRequest request) throws IOException;
  }

  /** Answers a request; an {@link IOException} breaks the connection without an answer. */
  interface Handler {
    Reply handle(ApiRequest request, Upstream upstream) throws IOException;
  }

  /** An answer. */
  record Reply(int code, Map<String, String> headers, byte[] body) {
    boolean ok() {
      return code >= 200 && code < 300;
    }

    /** In the API server's words. */
    static Reply failure(int code, String reason, String message, Map<String, String> headers) {
      var all = new LinkedHashMap<>(headers);
      all.put("Content-Type", "application/json");
      String body =
          """
          {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"%s",\
          "reason":"%s","code":%d}"""
              .formatted(message, reason, code);
      return new Reply(code, all, body.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(ApiProxy.class);

  /** Not passed on; nor is the wish for a compressed answer, which is read here. */
  private static final Set<String> OF_CONNECTION =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "upgrade",
          "expect",
          "accept-encoding");

  private static final int TEXT = 0x81;

  private final URI server;
  private final SSLContext tls;
  private final HttpClient client;
  private final Handler handler;
  private final ServerSocket listener;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            var thread = new Thread(task, "api-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Set<Socket> watches = ConcurrentHashMap.newKeySet();
  private volatile Function<String, List<String>> events = List::of;
  private volatile boolean refusing;
  private final Object silence = new Object();
  private boolean silent;

  ApiProxy(ApiServer server, Handler handler) {
    this.server = URI.create(server.url());
    this.handler = handler;
    this.tls = trusting(server.certificate());
    this.client =
        HttpClient.newBuilder()
            .sslContext(tls)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    try {
      listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  private static SSLContext trusting(Path certificate) {
    try (InputStream in = Files.newInputStream(certificate)) {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (var one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("api-server-" + number++, one);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the test API server's certificate cannot be read", e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort() + "/";
  }

  /**
   * What becomes of the events of all watches.
   *
   * @param filter from the JSON text of one event to those that the client gets
   */
  void events(Function<String, List<String>> filter) {
    events = filter;
  }

  /** Whether watches stay open and bring nothing; what they would have brought comes afterwards. */
  void silence(boolean on) {
    synchronized (silence) {
      silent = on;
      silence.notifyAll();
    }
  }

  /** All watches end at once, as when a load balancer drops them. */
  void cutWatches() {
    watches.forEach(ApiProxy::close);
  }

  /** Whether nobody is let in, and who is in is thrown out. */
  void refuse(boolean on) {
    refusing = on;
    if (on) {
      sockets.forEach(ApiProxy::close);
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        if (refusing) {
          close(socket);
          continue;
        }
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        LOG.debug("no more connections: {}", e.getMessage());
      } catch (java.util.concurrent.RejectedExecutionException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        String head = head(in);
        if (head == null) {
          return;
        }
        ApiRequest request = request(head, in);
        if (request.header("Upgrade").filter("websocket"::equalsIgnoreCase).isPresent()) {
          watch(request, head, socket, in);
          return;
        }
        write(out, handler.handle(request, this::send));
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("the connection ends: {}", e.toString());
    } finally {
      sockets.remove(socket);
    }
  }

  /** Request or status line and headers, with the empty line; null where nothing comes any more. */
  private static String head(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    int state = 0;
    while (state < 4) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      bytes.write(next);
      state = next == "\r\n\r\n".charAt(state) ? state + 1 : next == '\r' ? 1 : 0;
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private static ApiRequest request(String head, InputStream in) throws IOException {
    String[] lines = head.split("\r\n");
    String[] first = lines[0].split(" ");
    var headers = new LinkedHashMap<String, String>();
    int length = 0;
    for (int i = 1; i < lines.length; i++) {
      String[] pair = lines[i].split(":", 2);
      if (pair[0].equalsIgnoreCase("Content-Length")) {
        length = Integer.parseInt(pair[1].strip());
      }
      if (pair[0].equalsIgnoreCase("Transfer-Encoding")) {
        throw new IOException("a request in chunks");
      }
      headers.put(pair[0], pair[1].strip());
    }
    byte[] body = in.readNBytes(length);
    return new ApiRequest(first[0], URI.create(first[1]), headers, body);
  }

  private static void write(OutputStream out, Reply reply) throws IOException {
    var head = new StringBuilder("HTTP/1.1 " + reply.code() + " Answer\r\n");
    reply.headers().forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
    head.append("Content-Length: ").append(reply.body().length).append("\r\n\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.write(reply.body());
    out.flush();
  }

  /**
   * What was sent takes its effect, and that is told, also where whoever asked is stopped
   * meanwhile: an interrupt does not end it.
   */
  private Reply send(ApiRequest request) throws IOException {
    var upstream =
        HttpRequest.newBuilder(server.resolve(request.uri().toString()))
            .timeout(Duration.ofSeconds(60))
            .method(
                request.method(),
                request.body().length == 0
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(request.body()));
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!OF_CONNECTION.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                upstream.header(name, value);
              }
            });
    try {
      var answer = client.sendAsync(upstream.build(), BodyHandlers.ofByteArray()).join();
      var headers = new LinkedHashMap<String, String>();
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!OF_CONNECTION.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                  headers.put(name, String.join(", ", values));
                }
              });
      return new Reply(answer.statusCode(), headers, answer.body());
    } catch (CompletionException e) {
      throw new IOException(e.getCause());
    }
  }

  // --- watches ---

  private void watch(ApiRequest request, String head, Socket socket, InputStream in)
      throws IOException {
    handler.handle(request, r -> new Reply(101, Map.of(), new byte[0]));
    try (Socket up = tls.getSocketFactory().createSocket(server.getHost(), server.getPort())) {
      sockets.add(up);
      watches.add(socket);
      String host = "Host: " + server.getAuthority();
      up.getOutputStream()
          .write(
              head.replaceFirst("(?im)^Host:[^\r]*", host).getBytes(StandardCharsets.ISO_8859_1));
      up.getOutputStream().flush();
      var answers = new DataInputStream(new BufferedInputStream(up.getInputStream()));
      String answer = head(answers);
      if (answer == null) {
        return;
      }
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      if (!answer.startsWith("HTTP/1.1 101")) {
        socket.getOutputStream().flush();
        answers.transferTo(socket.getOutputStream());
        return;
      }
      threads.execute(() -> upwards(in, up));
      downwards(answers, socket.getOutputStream());
    } finally {
      watches.remove(socket);
      sockets.removeIf(Socket::isClosed);
    }
  }

  private static void upwards(InputStream in, Socket up) {
    try (up) {
      in.transferTo(up.getOutputStream());
    } catch (IOException e) {
      LOG.debug("a watch ends: {}", e.toString());
    }
  }

  /** One frame after the other: the API server sends each event as one that is not masked. */
  private void downwards(DataInputStream in, OutputStream out) throws IOException {
    while (true) {
      int first;
      try {
        first = in.readUnsignedByte();
      } catch (EOFException e) {
        return;
      }
      int size = in.readUnsignedByte() & 0x7f;
      long length = size == 126 ? in.readUnsignedShort() : size == 127 ? in.readLong() : size;
      byte[] payload = in.readNBytes(Math.toIntExact(length));
      awaitSound();
      if (first == TEXT) {
        for (String event : events.apply(new String(payload, StandardCharsets.UTF_8))) {
          frame(out, first, event.getBytes(StandardCharsets.UTF_8));
        }
      } else {
        frame(out, first, payload);
      }
    }
  }

  private void awaitSound() throws IOException {
    synchronized (silence) {
      while (silent) {
        try {
          silence.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
      }
    }
  }

  private static void frame(OutputStream out, int first, byte[] payload) throws IOException {
    var frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length < 126) {
      frame.write(payload.length);
    } else if (payload.length < 65_536) {
      frame.write(126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >> shift));
      }
    }
    frame.write(payload);
    out.write(frame.toByteArray());
    out.flush();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("closing: {}", e.toString());
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      LOG.debug("closing: {}", e.toString());
    }
    refuse(true);
    silence(false);
    threads.shutdownNow();
  }
}
