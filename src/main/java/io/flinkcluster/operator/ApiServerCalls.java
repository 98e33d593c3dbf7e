package io.flinkcluster.operator;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;

/** Tells of every request to the API server, retries and the opening of watches included. */
final class ApiServerCalls implements Interceptor {
  /** Is told of a request that has been answered; must return at once. */
  @FunctionalInterface
  interface Listener {
    /**
     * A request has been answered, or was not.
     *
     * @param resource plural of the resource; empty: something else was asked for
     * @param code status of the answer; 0: there was none
     */
    void answered(String method, String resource, int code);
  }

  private final Listener listener;

  ApiServerCalls(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    listener.answered(request.method(), resource(request.uri()), response.code());
  }

  @Override
  public void afterConnectionFailure(HttpRequest request, Throwable failure) {
    listener.answered(request.method(), resource(request.uri()), 0);
  }

  /** Paths are {@code /api/v1} or {@code /apis/GROUP/VERSION}, then perhaps a namespace. */
  static String resource(URI uri) {
    List<String> parts = List.of(uri.getPath().replaceFirst("^/+", "").split("/"));
    int at = parts.get(0).equals("api") ? 2 : 3;
    if (parts.size() > at + 2 && parts.get(at).equals("namespaces")) {
      at += 2;
    }
    return List.of("api", "apis").contains(parts.get(0)) && parts.size() > at ? parts.get(at) : "";
  }
}
