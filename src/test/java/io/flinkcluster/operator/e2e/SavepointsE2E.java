package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.testcluster.Patience;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Savepoints by schedule, those that a user asks for, and those that are deleted. */
@EndToEnd
class SavepointsE2E {
  private static final String NAME = "top-speed";
  private static final Duration A_FEW = Patience.LONG;

  private E2eNamespace space;
  private ClusterUnderTest job;
  private String id;
  private String asked;
  private String since;
  private long failed;

  @BeforeAll
  void begin(E2eCluster cluster) {
    space = cluster.space("savepoints");
    job = space.subject(NAME);
  }

  @AfterAll
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  void theScheduleBegins() {
    space.apply(
        Templates.firstExample("2.3")
            .replace(
                "  storage:\n",
                "  storage:\n"
                    + "    savepointInterval: 10s\n"
                    + "    savepointHistory: {maxCount: 2}\n"));
    FlinkClusterStatus status = job.awaitReady();
    id = status.job().id();
    failed = status.job().checkpoints().failed();
    since = ClusterUnderTest.find(status, "Ready").orElseThrow().lastTransitionTime();
    job.await("a savepoint", A_FEW, s -> !periodic(s).isEmpty());
  }

  @Test
  @Order(2)
  void aSavepointIsTakenForAToken() {
    space.kubectl().ok("annotate", "flc", NAME, "flinkcluster.io/savepoint=mine");
    FlinkClusterStatus status =
        job.await(
            "the echo of the token",
            A_FEW,
            s -> s.actions() != null && "mine".equals(s.actions().savepoint()));
    asked =
        status.savepoints().stream()
            .filter(p -> p.trigger().equals("savepoint token mine"))
            .map(SavepointStatus::path)
            .findFirst()
            .orElseThrow();
  }

  @Test
  @Order(3)
  void theFilesOfThoseAboveTheLimitAreGoneFromTheVolumeAndTheOthersAreThere() {
    var seen = new HashSet<String>();
    await("five savepoints by schedule")
        .atMost(A_FEW)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              periodic(job.status()).forEach(p -> seen.add(p.path()));
              return seen.size() >= 5;
            });
    await("the two newest and the user's on the volume")
        .atMost(A_FEW)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> {
              Set<String> listed = listed();
              assertThat(listed).hasSize(3);
              assertThat(onVolume()).isEqualTo(listed);
            });
    assertThat(onVolume()).contains(directory(asked));
  }

  @Test
  @Order(4)
  void theJobHasNotNoticed() {
    FlinkClusterStatus status = job.status();
    assertThat(status.job().id()).isEqualTo(id);
    assertThat(status.job().restarts()).isZero();
    assertThat(status.job().checkpoints().failed()).isEqualTo(failed);
    assertThat(ClusterUnderTest.find(status, "Ready").orElseThrow())
        .satisfies(
            ready -> {
              assertThat(ready.status()).isEqualTo("True");
              assertThat(ready.lastTransitionTime()).isEqualTo(since);
            });
    assertThat(status.operations()).hasSize(3); // start, token, and of the schedule the newest
    assertThat(status.launch().epoch()).isEqualTo(1);
  }

  private static List<SavepointStatus> periodic(FlinkClusterStatus status) {
    return status.savepoints() == null
        ? List.of()
        : status.savepoints().stream().filter(p -> p.trigger().equals("periodic")).toList();
  }

  private Set<String> listed() {
    var paths = new HashSet<String>();
    job.status().savepoints().forEach(p -> paths.add(directory(p.path())));
    return paths;
  }

  private static String directory(String uri) {
    return uri.replaceFirst("^file:/+", "/");
  }

  /** Directories of savepoints with files in them. */
  private Set<String> onVolume() {
    String find = "find /flink-state -path '*/savepoints/*' -type f -printf '%h\\n'";
    String pod = job.pod("jobmanager").getMetadata().getName();
    String found = space.kubectl().ok("exec", pod, "-c", "flink", "--", "bash", "-c", find);
    return new HashSet<>(found.lines().toList());
  }
}
