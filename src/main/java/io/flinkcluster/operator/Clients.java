package io.flinkcluster.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.flinkcluster.operator.model.Labels;
import java.time.Duration;

/**
 * The two clients of the API server. They differ in patience alone.
 *
 * @param prompt for the lease, the FlinkClusters and their status: gives up within {@link
 *     #PROMPT_WORST}, so that a lease can be renewed in time or be known as lost
 * @param patient for the clusters' objects and their lists: up to 30 s a call, three tries
 */
public record Clients(KubernetesClient prompt, KubernetesClient patient) implements AutoCloseable {

  /** How long a call of the prompt client can take with its retry; below the renew deadline. */
  static final Duration PROMPT_WORST = Duration.ofMillis(8_200);

  /**
   * Clients for the cluster that the environment or the kubeconfig names.
   *
   * @param onUnreadable called once for every field of an object that could not be read and counts
   *     as not given
   * @param listener told of every request
   */
  static Clients connect(Runnable onUnreadable, ApiServerCalls.Listener listener) {
    Config config =
        new ConfigBuilder(Config.autoConfigure(null)).withUserAgent(Labels.OPERATOR).build();
    return connect(config, serialization(onUnreadable), listener);
  }

  /**
   * Clients for the API server of {@code config}, with the operator's own way of reading objects.
   *
   * @param config address, credentials and user agent; its timeouts and retries are not used
   * @param onUnreadable called once for every field of an object that could not be read and counts
   *     as not given
   */
  public static Clients connect(Config config, Runnable onUnreadable) {
    return connect(config, serialization(onUnreadable));
  }

  /**
   * Likewise, for a process that connects more than once.
   *
   * @param serialization of {@link #serialization}; clients may share it
   */
  public static Clients connect(Config config, KubernetesSerialization serialization) {
    return connect(config, serialization, (method, resource, code) -> {});
  }

  /**
   * The operator's own way of reading objects. What Jackson learns about the model takes tens of
   * megabytes and a second, so it is shared where it can be.
   *
   * @param onUnreadable called once for every field of an object that could not be read and counts
   *     as not given
   */
  public static KubernetesSerialization serialization(Runnable onUnreadable) {
    return new KubernetesSerialization(TolerantMapper.create(onUnreadable), true);
  }

  private static Clients connect(
      Config config, KubernetesSerialization serialization, ApiServerCalls.Listener listener) {
    return new Clients(
        client(config, 4_000, 1, serialization, listener),
        client(config, 30_000, 2, serialization, listener));
  }

  private static KubernetesClient client(
      Config config,
      int timeoutMillis,
      int retries,
      KubernetesSerialization serialization,
      ApiServerCalls.Listener listener) {
    Config own =
        new ConfigBuilder(config)
            .withRequestTimeout(timeoutMillis)
            .withConnectionTimeout(3_000)
            .withRequestRetryBackoffLimit(retries)
            .withRequestRetryBackoffInterval(200)
            // GOAWAY is mishandled before 17.0.17 (JDK-8335181); watches are websockets anyway
            .withHttp2Disable(true)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(own)
        .withHttpClientFactory(new JdkHttpClientFactory())
        .withHttpClientBuilderConsumer(
            http -> http.addOrReplaceInterceptor("metrics", new ApiServerCalls(listener)))
        .withKubernetesSerialization(serialization)
        .build();
  }

  @Override
  public void close() {
    patient.close();
    prompt.close();
  }
}
