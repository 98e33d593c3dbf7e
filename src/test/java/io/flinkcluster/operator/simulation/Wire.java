package io.flinkcluster.operator.simulation;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.TlsVersion;
import io.fabric8.kubernetes.client.http.WebSocket;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

/** The connection of a Kubernetes client to the simulated API server: no socket, no thread. */
final class Wire implements HttpClient, HttpClient.Factory {

  /** The other end. */
  interface Server {
    /** Answers; an {@link IOException} is what a broken connection shows. */
    SimulatedApiServer.Answer answer(SimulatedApiServer.Request request) throws IOException;
  }

  private final Server server;

  Wire(Server server) {
    this.server = server;
  }

  @Override
  public Builder newBuilder(Config config) {
    return new WireBuilder();
  }

  @Override
  public WireBuilder newBuilder() {
    return new WireBuilder();
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, Class<T> type) {
    try {
      var answer = answer(request);
      byte[] bytes = answer.body().toString().getBytes(StandardCharsets.UTF_8);
      Object body;
      if (type == String.class) {
        body = new String(bytes, StandardCharsets.UTF_8);
      } else if (type == InputStream.class) {
        body = new ByteArrayInputStream(bytes);
      } else if (type == byte[].class) {
        body = bytes;
      } else {
        throw new UnsupportedOperationException(type.getName());
      }
      return CompletableFuture.completedFuture(
          new WireResponse<>(answer.code(), type.cast(body), request));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private SimulatedApiServer.Answer answer(HttpRequest request) throws IOException {
    var standard = (StandardHttpRequest) request;
    String type =
        standard.getContentType() == null
            ? Optional.ofNullable(standard.header("Content-Type")).orElse("")
            : standard.getContentType();
    return server.answer(
        new SimulatedApiServer.Request(
            request.method(), request.uri(), type, request.bodyString()));
  }

  @Override
  public CompletableFuture<HttpResponse<AsyncBody>> consumeBytes(
      HttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    throw new UnsupportedOperationException("nothing is streamed");
  }

  @Override
  public WebSocket.Builder newWebSocketBuilder() {
    throw new UnsupportedOperationException("nothing is watched");
  }

  @Override
  public HttpRequest.Builder newHttpRequestBuilder() {
    return new StandardHttpRequest.Builder();
  }

  @Override
  public boolean isClosed() {
    return false;
  }

  @Override
  public void close() {}

  private record WireResponse<T>(int code, T body, HttpRequest request) implements HttpResponse<T> {
    @Override
    public Optional<HttpResponse<?>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public List<String> headers(String key) {
      return List.of();
    }

    @Override
    public Map<String, List<String>> headers() {
      return Map.of();
    }
  }

  private final class WireBuilder implements HttpClient.Builder {
    @Override
    public HttpClient build() {
      return Wire.this;
    }

    @Override
    public WireBuilder connectTimeout(long timeout, TimeUnit unit) {
      return this;
    }

    @Override
    public WireBuilder addOrReplaceInterceptor(String name, Interceptor interceptor) {
      return this;
    }

    @Override
    public WireBuilder authenticatorNone() {
      return this;
    }

    @Override
    public WireBuilder sslContext(KeyManager[] keys, TrustManager[] trust) {
      return this;
    }

    @Override
    public WireBuilder followAllRedirects() {
      return this;
    }

    @Override
    public WireBuilder proxyAddress(InetSocketAddress address) {
      return this;
    }

    @Override
    public WireBuilder proxyAuthorization(String credentials) {
      return this;
    }

    @Override
    public WireBuilder tlsVersions(TlsVersion... versions) {
      return this;
    }

    @Override
    public WireBuilder tlsServerName(String name) {
      return this;
    }

    @Override
    public WireBuilder preferHttp11() {
      return this;
    }

    @Override
    public WireBuilder proxyType(HttpClient.ProxyType type) {
      return this;
    }

    @Override
    public WireBuilder tag(Object tag) {
      return this;
    }
  }
}
