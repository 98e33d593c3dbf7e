package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.LaunchStatus;
import org.junit.jupiter.api.Test;

class SessionSizeTest {
  private static final String SESSION = "flinkVersion: \"2.3\"\nimage: flink:2.3\n";

  @Test
  void isWrittenDownSoThatASpecThatIsRefusedDoesNotTakeItBack() {
    var stage = new DecisionScenario(SESSION).sessionRunning();
    stage.spec(SESSION + "taskManager: {replicas: 3}\n");
    stage.sessionAnswers().settle();
    LaunchStatus launch = stage.recorded().launch().orElseThrow();
    assertThat(launch.size().taskManagers()).isEqualTo(3);
    assertThat(launch.epoch()).isEqualTo(1);
    stage.spec(SESSION + "taskManager: {replicas: 3}\nflinkConfiguration: {rest.port: \"1\"}\n");
    Decision decision = stage.sessionAnswers().settle();
    assertThat(decision.runs().get(0).spec().spec().taskManager().replicas()).isEqualTo(3);
  }
}
