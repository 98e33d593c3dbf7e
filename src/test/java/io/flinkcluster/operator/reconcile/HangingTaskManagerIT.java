package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.report.Conditions;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** TaskManagers that hang or are evicted; a few seconds each. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class HangingTaskManagerIT {
  private final ClusterFixture scene;

  HangingTaskManagerIT(ApiServer server) {
    scene = ClusterFixture.in(server, "hanging");
  }

  @AfterEach
  void leave() {
    scene.close();
  }

  private List<String> names() {
    return scene.pods(Component.TASK_MANAGER).stream().map(p -> p.getMetadata().getName()).toList();
  }

  private static String reason(FlinkClusterStatus status) {
    return Conditions.find(status, "Ready").orElseThrow().reason();
  }

  private void hangsAndIsReplaced() {
    String hanging = names().get(0);
    scene.clock.forward(Duration.ofMinutes(1));
    scene.fake().hang(hanging);
    FlinkClusterStatus named =
        scene.await(
            "it is named",
            s -> s.taskManagers().unregistered() != null && !ClusterFixture.is(s, "Ready"));
    assertThat(reason(named)).isEqualTo("TaskManagerNotRegistered");
    assertThat(ClusterFixture.message(named, "Ready")).contains(hanging, "is replaced at");
    assertThat(names()).contains(hanging);
    scene.clock.forward(Duration.ofMinutes(3));
    await("another takes its place")
        .atMost(ClusterFixture.LONG)
        .untilAsserted(() -> assertThat(names()).doesNotContain(hanging).hasSize(2));
    FlinkClusterStatus healed = scene.awaitReady();
    assertThat(healed.taskManagers().unregistered()).isNull();
    assertThat(scene.namespace.kubectl().ok("get", "events", "-o", "jsonpath={..reason}"))
        .contains("TaskManagerReplaced");
  }

  @Test
  void oneOfAJobIsNamedAndReplacedAfterTheStatedTime() {
    scene.apply("taskManager: {replicas: 2}");
    String job = scene.awaitReady().launch().jobId();
    hangsAndIsReplaced();
    assertThat(scene.status().launch().jobId()).as("the same job").isEqualTo(job);
    assertThat(scene.status().operations()).hasSize(1);
    scene.assertStateNeverLost();
  }

  @Test
  void oneOfASessionClusterIsNamedAndReplacedAfterTheStatedTime() {
    scene.session("taskManager: {replicas: 2}");
    scene.awaitReady();
    hangsAndIsReplaced();
  }

  @Test
  void oneThatWasEvictedIsListedForDaysAndTheClusterIsReadyNevertheless() {
    scene.apply("");
    scene.awaitReady();
    Pod evicted = scene.pods(Component.TASK_MANAGER).get(0);
    scene.evict(Component.TASK_MANAGER);
    await("another takes its place")
        .atMost(ClusterFixture.LONG)
        .untilAsserted(() -> assertThat(names()).hasSize(2));
    scene.await(
        "the job runs on the other, which is registered",
        s ->
            ClusterFixture.is(s, "Ready")
                && s.job().restarts() > 0
                && s.taskManagers().summary().equals("1/1"));
    assertThat(names()).contains(evicted.getMetadata().getName());
    assertThat(scene.status().taskManagers().replicas()).as("for autoscalers").isEqualTo(1);
  }
}
