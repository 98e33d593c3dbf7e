package io.flinkcluster.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.admit.Resource;
import io.flinkcluster.operator.flinkconf.FlinkConfigRenderer;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Launch;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyFilesTest {

  @Test
  void areCopiedByTheUserThatFlinkRunsAs() {
    CheckedCluster cluster =
        Resource.checked(
            "{secretFiles: [{secretName: keys, mountPath: /etc/keys}], podTemplate: {spec:"
                + " {containers: [{name: flink, securityContext: {runAsUser: 1000}}]}}}");
    var launch = new Launch(1, Optional.of("0".repeat(32)), Optional.empty());
    var pod =
        LaunchObjects.taskManager(cluster, launch, FlinkConfigRenderer.render(cluster, launch))
            .getSpec()
            .getTemplate()
            .getSpec();
    assertThat(pod.getInitContainers())
        .singleElement()
        .satisfies(
            copy -> {
              assertThat(copy.getSecurityContext().getRunAsUser()).isEqualTo(1000);
              assertThat(copy.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
            });
  }
}
