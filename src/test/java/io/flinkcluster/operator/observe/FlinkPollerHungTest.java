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
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FlinkPollerHungTest {

  private static final int HUNG = 100;

  private static Target at(int port) {
    var address = new Address("127.0.0.1", port);
    return new Target(1, address, Optional.empty(), Optional.empty(), Pace.FAST);
  }

  @Test
  void aHundredJobManagersThatNeverAnswerDelayNoOther() throws Exception {
    var loopback = InetAddress.getLoopbackAddress();
    var healthy = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    healthy.createContext(
        "/",
        exchange -> {
          boolean jobs = exchange.getRequestURI().getPath().equals("/jobs/overview");
          byte[] body = (jobs ? "{\"jobs\":[]}" : "{\"taskmanagers\":[]}").getBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    healthy.start();
    // The kernel accepts connections up to the backlog; nobody ever reads from them.
    try (var silent = new ServerSocket(0, 2 * HUNG, loopback);
        var rest = new HttpFlinkRest(Duration.ofSeconds(30));
        var poller = new FlinkPoller(rest, Clock.systemUTC(), key -> {})) {
      for (int i = 0; i < HUNG; i++) {
        poller.watch(new ClusterKey("hung", "c" + i, "u"), at(silent.getLocalPort()));
      }
      var key = new ClusterKey("healthy", "c", "u");
      poller.watch(key, at(healthy.getAddress().getPort()));
      var first = await().until(() -> poller.latest(key), Optional::isPresent).orElseThrow();
      assertThat(first.reachable()).isTrue();
      await()
          .until(() -> poller.latest(key).orElseThrow().at().isAfter(first.at().plusMillis(1_500)));
      assertThat(poller.latest(new ClusterKey("hung", "c0", "u"))).isEmpty();
    } finally {
      healthy.stop(0);
    }
  }
}
