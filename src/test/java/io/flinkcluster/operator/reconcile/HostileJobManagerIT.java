package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeCluster.Rest;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A JobManager that does harm, as user code runs in it, harms its own cluster alone. */
@RealApiServer
class HostileJobManagerIT {
  private final ClusterFixture fixture;

  HostileJobManagerIT(ApiServer server) {
    fixture = ClusterFixture.in(server, "hostile");
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private void neighbour(String image) {
    fixture
        .namespace
        .kubectl()
        .apply(
            """
            apiVersion: flinkcluster.io/v1
            kind: FlinkCluster
            metadata: {name: neighbour}
            spec:
              flinkVersion: "2.3"
              image: %s
              job: {jarURI: "local:///a.jar"}
              storage: {baseURI: "s3://bucket/neighbour", checkpointInterval: 10s}
            """
                .formatted(image));
  }

  private FlinkClusterStatus awaitNeighbour(long epoch) {
    return await("the neighbour's start " + epoch)
        .atMost(ClusterFixture.LONG)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () ->
                fixture
                    .client()
                    .resources(FlinkCluster.class)
                    .inNamespace(fixture.namespace.name())
                    .withName("neighbour")
                    .get()
                    .getStatus(),
            s ->
                s != null
                    && s.operation() == null
                    && s.launch() != null
                    && s.launch().epoch() == epoch
                    && ClusterFixture.is(s, "Ready"));
  }

  @Test
  void itsNeighbourIsUpgradedAllTheSame() throws IOException {
    fixture.apply("");
    neighbour("flink:2.3");
    fixture.awaitReady();
    String job = awaitNeighbour(1).launch().jobId();
    var elsewhere = new AtomicInteger();
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          elsewhere.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    other.start();
    try {
      String url = "http://127.0.0.1:" + other.getAddress().getPort();
      long epoch = 1;
      for (Rest behaviour : new Rest[] {Rest.ENDLESS, Rest.REDIRECTS, Rest.DEEP, Rest.LIES}) {
        fixture.fake().hostile(behaviour, behaviour == Rest.REDIRECTS ? url : job);
        long before = fixture.fake().asked();
        await(behaviour + " is asked").until(() -> fixture.fake().asked() > before + 1);
        neighbour("flink:2.3-" + behaviour.name().toLowerCase(java.util.Locale.ROOT));
        job = awaitNeighbour(++epoch).launch().jobId();
        assertThat(fixture.flink.cluster("neighbour").starts()).hasSize((int) epoch);
        assertThat(fixture.status().toString()).doesNotContain("s3://other");
      }
    } finally {
      other.stop(0);
    }
    assertThat(elsewhere).as("requests that were sent elsewhere").hasValue(0);
    fixture.flink.cluster("neighbour").assertOneWriter();
    fixture.flink.cluster("neighbour").assertNeverOlderState();
    fixture.fake().rest(Rest.ANSWERS);
    fixture.await(
        "it is served again once it behaves",
        s -> s.operation() == null && ClusterFixture.is(s, "Ready"));
    fixture.fake().assertOneWriter();
  }
}
