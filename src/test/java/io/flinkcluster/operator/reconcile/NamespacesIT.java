package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.FakeFlink;
import io.flinkcluster.operator.testcluster.FakeKubelet;
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One operator that serves two namespaces by name, with a cluster in each. */
@RealApiServer
class NamespacesIT {
  /** A namespace with what runs there. */
  private record Place(TestNamespace namespace, FakeFlink flink, FakeKubelet kubelet) {
    static Place in(ApiServer server, String name) {
      var namespace = TestNamespace.create(server, name);
      var flink = FakeFlink.in(namespace);
      return new Place(namespace, flink, FakeKubelet.in(namespace, flink));
    }

    FlinkCluster cluster() {
      return namespace
          .client()
          .resources(FlinkCluster.class)
          .inNamespace(namespace.name())
          .withName("a")
          .get();
    }

    FlinkClusterStatus status() {
      return cluster().getStatus();
    }

    void apply() {
      namespace
          .kubectl()
          .apply(
              """
              apiVersion: flinkcluster.io/v1
              kind: FlinkCluster
              metadata:
                name: a
              spec:
                flinkVersion: "2.3"
                image: flink:2.3
                job: {jarURI: "local:///opt/flink/examples/streaming/TopSpeedWindowing.jar"}
                storage: {baseURI: "s3://bucket/flink", checkpointInterval: 10s}
              """);
    }

    void awaitReady() {
      await(namespace.name())
          .atMost(ClusterFixture.LONG)
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                FlinkCluster c = cluster();
                return c.getStatus() != null
                    && c.getMetadata().getGeneration().equals(c.getStatus().observedGeneration())
                    && c.getStatus().operation() == null
                    && ClusterFixture.is(c.getStatus(), "Ready");
              });
    }

    Stream<OperationType> operations() {
      List<OperationRecord> all = status().operations();
      return all == null ? Stream.of() : all.stream().map(OperationRecord::type);
    }

    void close() {
      kubelet.close();
      flink.close();
      namespace.close();
    }
  }

  private final List<Place> places;
  private OperatorUnderTest operator;

  NamespacesIT(ApiServer server) {
    places = List.of(Place.in(server, "placeone"), Place.in(server, "placetwo"));
    operator = start();
  }

  private OperatorUnderTest start() {
    return OperatorUnderTest.in(places.stream().map(Place::namespace).toList());
  }

  @AfterEach
  void stop() {
    operator.close();
    places.forEach(Place::close);
  }

  @Test
  void anOperatorThatTakesOverLeavesTheJobsOfAllItsNamespacesRunning() {
    places.forEach(Place::apply);
    places.forEach(Place::awaitReady);
    for (int i = 0; i < 3; i++) {
      operator.close();
      operator = start();
      await()
          .during(Duration.ofSeconds(4))
          .untilAsserted(() -> assertThat(places).allSatisfy(NamespacesIT::assertUntouched));
    }
    places.forEach(place -> place.namespace.kubectl().ok("scale", "flc/a", "--replicas=2"));
    places.forEach(Place::awaitReady);
    for (Place place : places) {
      assertThat(place.flink.cluster("a").starts())
          .extracting(FakeCluster.Start::parallelism)
          .containsExactly(1, 2);
      place.flink.cluster("a").assertOneWriter();
      place.flink.cluster("a").assertNeverOlderState();
    }
  }

  private static void assertUntouched(Place place) {
    assertThat(place.status().launch().epoch()).isEqualTo(1);
    assertThat(place.operations()).doesNotContain(OperationType.Recovery);
    assertThat(place.flink.cluster("a").starts()).hasSize(1);
    assertThat(ClusterFixture.is(place.status(), "Ready")).isTrue();
  }
}
