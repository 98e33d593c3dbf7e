package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.testcluster.Serializations;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An operator that dies right after its n-th write, to Kubernetes or to Flink: the write has its
 * effect, and nothing leaves the process after it. Events are not counted, they carry no state.
 */
final class CrashAfterWrites implements Interceptor {
  private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
  private volatile boolean dead;

  /** Dies after this many more writes. */
  void dieAfter(int writes) {
    left.set(writes);
  }

  boolean dead() {
    return dead;
  }

  KubernetesClient client(Config config) {
    return new KubernetesClientBuilder()
        .withConfig(new ConfigBuilder(config).withRequestRetryBackoffLimit(0).build())
        .withKubernetesSerialization(Serializations.PLAIN)
        .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("mortal", this))
        .build();
  }

  FlinkRest rest(FlinkRest rest) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          boolean writes =
              method
                  .getName()
                  .matches(
                      "stopWithSavepoint|savepoint|disposeSavepoint|cancel|require|checkpoint");
          if (dead) {
            return CompletableFuture.failedFuture(new IllegalStateException("dead"));
          }
          try {
            Object answer = method.invoke(rest, arguments);
            if (writes) {
              ((CompletableFuture<?>) answer).whenComplete((done, failure) -> count());
            }
            return answer;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return (FlinkRest)
        Proxy.newProxyInstance(
            CrashAfterWrites.class.getClassLoader(), new Class<?>[] {FlinkRest.class}, handler);
  }

  private void count() {
    if (left.decrementAndGet() == 0) {
      dead = true;
    }
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (dead) {
      throw new IllegalStateException("dead");
    }
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    boolean counts =
        !request.method().equals("GET")
            && response.isSuccessful()
            && !request.uri().getPath().contains("/events");
    if (counts) {
      count();
    }
  }
}
