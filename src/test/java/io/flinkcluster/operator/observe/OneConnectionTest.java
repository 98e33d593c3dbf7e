package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.HttpFlinkRest;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.observe.Target.Pace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Each idle connection costs the operator tens of kilobytes, for every cluster. */
class OneConnectionTest {
  private static final String JOB = "a".repeat(32);
  private static final String OVERVIEW =
      """
      {"jobs": [{"jid": "%s", "state": "RUNNING", "start-time": 1, "end-time": -1,
        "last-modification": 2, "tasks": {"total": 1, "running": 1, "finished": 0}}]}
      """
          .formatted(JOB);

  private final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicInteger others = new AtomicInteger();

  private HttpServer jobManager() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          connections.add(exchange.getRemoteAddress());
          boolean overview = exchange.getRequestURI().getPath().equals("/jobs/overview");
          (overview ? looks : others).incrementAndGet();
          byte[] body = (overview ? OVERVIEW : "{}").getBytes();
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void allLooksAtAJobManagerTakeOneConnection() throws Exception {
    HttpServer server = jobManager();
    try (var rest = new HttpFlinkRest();
        var poller = new FlinkPoller(rest, Clock.systemUTC(), key -> {})) {
      var address = new Address("127.0.0.1", server.getAddress().getPort());
      poller.watch(
          new ClusterKey("ns", "a", "u"),
          new Target(1, address, Optional.of(JOB), Optional.empty(), Pace.FASTEST));
      await().until(() -> looks.get() >= 5);
      assertThat(others.get()).isGreaterThanOrEqualTo(8);
      assertThat(connections).hasSize(1);
    } finally {
      server.stop(0);
    }
  }
}
