package io.flinkcluster.operator.bench;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.FakeFlink;
import io.flinkcluster.operator.testcluster.FakeKubelet;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Clusters on a real API server whose pods and JobManagers are pretended. JobManagers really
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

  /** Generation of the last change of those that were changed. */
  private final Map<String, Long> asked = new ConcurrentHashMap<>();

  /**
   * So many clusters, not created yet.
   *
   * @param server stays open when the world is closed
   */
  PretendedWorld(ApiServer server, int count) {
    this.server = server;
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
    each(names, this::create);
  }

  /** Creates as many more, which nothing else here counts. */
  void createMore(int more) {
    List<String> others = IntStream.range(0, more).mapToObj("more%d"::formatted).toList();
    others.forEach(name -> flink.cluster(name).checkpointing(false));
    each(others, this::create);
  }

  /** The names of this one of each so many clusters. */
  List<String> oneOf(int each, int which) {
    return IntStream.range(0, names.size())
        .filter(i -> i % each == which % Math.min(each, names.size()))
        .mapToObj(names::get)
        .toList();
  }

  List<String> all() {
    return names;
  }

  /** Each of these gets another image, which starts its job anew. */
  void change(List<String> some, String image) {
    each(
        some,
        name -> {
          FlinkCluster changed =
              server
                  .admin()
                  .resources(FlinkCluster.class)
                  .inNamespace(namespace.name())
                  .withName(name)
                  .patch(
                      PatchContext.of(PatchType.JSON_MERGE),
                      "{\"spec\":{\"image\":\"%s\"}}".formatted(image));
          asked.put(name, changed.getMetadata().getGeneration());
        });
  }

  /** The JobManagers of these accept connections from now on, and never answer; or do again. */
  void blackHole(List<String> some, boolean on) {
    some.forEach(
        name -> flink.cluster(name).rest(on ? FakeCluster.Rest.HANGS : FakeCluster.Rest.ANSWERS));
  }

  private static void each(List<String> names, Consumer<String> act) {
    var appliers = Executors.newFixedThreadPool(APPLIERS);
    try {
      List<Future<?>> made =
          names.stream().<Future<?>>map(name -> appliers.submit(() -> act.accept(name))).toList();
      for (Future<?> one : made) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a FlinkCluster could not be written", e);
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

  /** How many of all that it began with are ready. */
  long ready() {
    return ready(names);
  }

  /** How many of these are ready, as their spec now says. */
  long ready(List<String> some) {
    Set<String> these = Set.copyOf(some);
    return clusters.getStore().list().stream()
        .filter(cluster -> these.contains(cluster.getMetadata().getName()))
        .filter(this::saw)
        .filter(cluster -> cluster.getStatus().conditions() != null)
        .filter(
            cluster ->
                cluster.getStatus().conditions().stream()
                    .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True")))
        .count();
  }

  private boolean saw(FlinkCluster cluster) {
    var status = cluster.getStatus();
    long last = asked.getOrDefault(cluster.getMetadata().getName(), 1L);
    return status != null
        && status.observedGeneration() != null
        && status.observedGeneration() >= last;
  }

  /** Each job that runs completes a checkpoint. */
  void checkpoint() {
    names.forEach(name -> flink.cluster(name).completeCheckpoint());
  }

  /** The same for those that have none since their job has started. */
  void firstCheckpoints() {
    names.stream()
        .map(flink::cluster)
        .filter(PretendedWorld::hasNoCheckpoint)
        .forEach(FakeCluster::completeCheckpoint);
  }

  private static boolean hasNoCheckpoint(FakeCluster cluster) {
    List<FakeCluster.Snapshot> all = cluster.snapshots();
    return all.isEmpty() || all.get(all.size() - 1).savepoint();
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
    namespace.close();
  }
}
