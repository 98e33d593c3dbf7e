package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.AuditLog;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Many clusters and the operator's real process with the options of its image and the memory of its
 * chart: what it writes is counted, no time is measured. What must never come back is a write where
 * nothing has happened.
 *
 * <p>Fifty of them in every run; two hundred in a full one, where they are so many that they share
 * what may wait.
 */
@RealApiServer
class ScaleIT {
  private static final int CLUSTERS =
      Integer.getInteger("scale.clusters", Boolean.getBoolean("e2e.full") ? 200 : 50);

  /** Fewer than these wait for no turn, see {@code ProgressPace}. */
  private static final int SHARING = 167;

  /** A look is two requests, and more where the slow parts are due: so each was looked at twice. */
  private static final int LOOKED_AT = 7;

  private final ApiServer server;

  ScaleIT(ApiServer server) {
    this.server = server;
  }

  @Test
  void nothingIsWrittenAtRestNorByARestart() {
    try (var world = new PretendedWorld(server, CLUSTERS)) {
      try (var operator = start(world)) {
        world.create();
        await("all are ready")
            .atMost(Duration.ofMinutes(10))
            .until(
                () -> {
                  assertThat(operator.alive()).as(operator::lastWords).isTrue();
                  world.firstCheckpoints();
                  return world.ready() == CLUSTERS;
                });
        awaitQuiet(world);

        AuditLog.Mark rest = server.audit().mark();
        awaitLooks(world);
        assertThat(writes(world, rest)).as("writes at rest").isEmpty();

        if (CLUSTERS >= SHARING) {
          checkpointsAreWrittenByTurns(world);
          assertThat(operator.sockets()).as("sockets").isLessThan(CLUSTERS);
        } else {
          System.out.println(
              "LEFT OUT: checkpoints by turns need " + SHARING + " clusters, -Dscale.clusters=200");
        }
      }
      AuditLog.Mark restart = server.audit().mark();
      try (var operator = start(world)) {
        awaitLooks(world);
        assertThat(operator.alive()).isTrue();
        assertThat(writes(world, restart)).as("writes of a restart").isEmpty();
      }
    }
  }

  private void checkpointsAreWrittenByTurns(PretendedWorld world) {
    AuditLog.Mark running = server.audit().mark();
    for (int i = 0; i < 3; i++) {
      world.checkpoint();
      awaitLooks(world);
    }
    assertThat(writes(world, running).getOrDefault("patch flinkclusters/status", 0L))
        .as("writes of three checkpoints of each")
        .isLessThan(3 * CLUSTERS - CLUSTERS / 2);
    awaitQuiet(world);
  }

  private OperatorJvm start(PretendedWorld world) {
    return OperatorJvm.start(
        server, world.namespace.name(), OperatorJvm.chartLimit(), ScaleBenchmark.freePort());
  }

  /** All have been looked at, and nothing was written about what was seen. */
  private void awaitQuiet(PretendedWorld world) {
    await("rest")
        .atMost(Duration.ofMinutes(5))
        .until(
            () -> {
              AuditLog.Mark mark = server.audit().mark();
              awaitLooks(world);
              return writes(world, mark).isEmpty();
            });
  }

  private static void awaitLooks(PretendedWorld world) {
    List<Long> before = world.asked();
    await("all JobManagers were asked")
        .atMost(Duration.ofMinutes(4))
        .until(
            () -> {
              List<Long> now = world.asked();
              for (int i = 0; i < CLUSTERS; i++) {
                if (now.get(i) < before.get(i) + LOOKED_AT) {
                  return false;
                }
              }
              return true;
            });
  }

  /** By verb and resource, without the lease. */
  private Map<String, Long> writes(PretendedWorld world, AuditLog.Mark since) {
    return server.audit().requestsOf(OperatorJvm.USER_AGENT, since).stream()
        .filter(r -> r.namespace().equals(world.namespace.name()))
        .filter(r -> r.writes() && !r.resource().equals("leases"))
        .collect(
            Collectors.groupingBy(
                r -> r.verb() + " " + r.resource(), TreeMap::new, Collectors.counting()));
  }
}
