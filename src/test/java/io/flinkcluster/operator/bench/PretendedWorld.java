package io.flinkcluster.operator.bench;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.FakeFlink;
import io.flinkcluster.operator.testcluster.FakeKubelet;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * A real API server, and clusters whose pods and JobManagers are pretended. JobManagers really
 * answer, each on an address of its own.
 */
final class PretendedWorld implements AutoCloseable {
  private static final int APPLIERS = 4;

  private static final String CLUSTER =
      """
      apiVersion: flinkcluster.io/v1
      kind: FlinkCluster
      metadata: {name: %s}
      spec:
        flinkVersion: "2.3"
        image: flink:2.3
        job: {jarURI: "local:///opt/flink/examples/streaming/TopSpeedWindowing.jar"}
        storage: {baseURI: "s3://bucket/flink", checkpointInterval: 60s}
      """;

  final ApiServer server;
  final TestNamespace namespace;
  private final FakeFlink flink;
  private final FakeKubelet kubelet;
  private final SharedIndexInformer<FlinkCluster> clusters;
  private final List<String> names;

  PretendedWorld(int count) {
    server = ApiServer.start();
    namespace = TestNamespace.create(server, "scale");
    flink = FakeFlink.in(namespace);
    kubelet = FakeKubelet.in(namespace, flink);
    names = IntStream.range(0, count).mapToObj("c%d"::formatted).toList();
    // Until it is told to, none completes a checkpoint.
    names.forEach(name -> flink.cluster(name).checkpointing(false));
    clusters = server.admin().resources(FlinkCluster.class).inNamespace(namespace.name()).inform();
  }

  /** Creates all FlinkClusters, some at a time, as a tool does. */
  void create() {
    var appliers = Executors.newFixedThreadPool(APPLIERS);
    try {
      List<Future<?>> made =
          names.stream().<Future<?>>map(name -> appliers.submit(() -> create(name))).toList();
      for (Future<?> one : made) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a FlinkCluster could not be created", e);
    } finally {
      appliers.shutdownNow();
    }
  }

  private void create(String name) {
    server
        .admin()
        .resources(FlinkCluster.class)
        .inNamespace(namespace.name())
        .resource(Serialization.unmarshal(CLUSTER.formatted(name), FlinkCluster.class))
        .create();
  }

  /** How many are ready. */
  long ready() {
    return clusters.getStore().list().stream()
        .filter(cluster -> cluster.getStatus() != null && cluster.getStatus().conditions() != null)
        .filter(
            cluster ->
                cluster.getStatus().conditions().stream()
                    .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True")))
        .count();
  }

  /** Each job that runs completes a checkpoint. */
  void checkpoint() {
    names.forEach(name -> flink.cluster(name).completeCheckpoint());
  }

  /** The same for those that have none yet. */
  void firstCheckpoints() {
    names.stream()
        .map(flink::cluster)
        .filter(cluster -> cluster.snapshots().isEmpty())
        .forEach(FakeCluster::completeCheckpoint);
  }

  /** How many requests each JobManager was sent. */
  List<Long> asked() {
    return names.stream().map(name -> flink.cluster(name).asked()).toList();
  }

  @Override
  public void close() {
    clusters.close();
    kubelet.close();
    flink.close();
    try {
      server.close();
    } catch (KubernetesClientException e) {
      System.err.println("the API server did not end as it should: " + e.getMessage());
    }
  }
}
