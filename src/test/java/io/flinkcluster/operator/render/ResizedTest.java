package io.flinkcluster.operator.render;

import static io.flinkcluster.operator.admit.Resource.checked;
import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.flinkconf.FlinkConfigRenderer;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.Launch;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rescale in place must leave every process of the start alone. */
class ResizedTest {
  private static final Launch LAUNCH =
      new Launch(3, Optional.of(Ids.jobId("uid", 3)), Optional.empty());
  private static final OperatorIdentity OPERATOR =
      new OperatorIdentity(
          "flink-system",
          Map.of("app.kubernetes.io/name", "flinkcluster-operator"),
          "registry.example.com/flinkcluster-operator:0.1.0");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{rescale: {mode: InPlace}}",
        "{rescale: {mode: Auto}, flinkVersion: '1.20', highAvailability: {enabled: true}}"
      })
  void anotherSizeChangesTheNumberOfTaskManagersAndNoPod(String spec) {
    CheckedCluster before = checked(spec);
    CheckedCluster after = before.resized(2, 3, 3);
    var config = FlinkConfigRenderer.render(before, LAUNCH);
    var resized = FlinkConfigRenderer.render(after, LAUNCH);

    assertThat(LaunchObjects.jobManager(after, LAUNCH, resized, OPERATOR))
        .isEqualTo(LaunchObjects.jobManager(before, LAUNCH, config, OPERATOR));
    assertThat(LaunchObjects.jobManagerService(after, LAUNCH))
        .isEqualTo(LaunchObjects.jobManagerService(before, LAUNCH));
    var old = LaunchObjects.taskManager(before, LAUNCH, config).getSpec();
    var now = LaunchObjects.taskManager(after, LAUNCH, resized).getSpec();
    assertThat(now.getTemplate()).isEqualTo(old.getTemplate());
    assertThat(now.getReplicas()).isEqualTo(3);
    assertThat(resized.values()).containsEntry("parallelism.default", "3");
  }
}
