package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Admission;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
  static List<Path> examples() {
    return Manifests.in(Path.of("examples"));
  }

  @Test
  void thereAreAtLeastTen() {
    assertThat(examples()).hasSizeGreaterThanOrEqualTo(10);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void isAdmittedWithoutAWarning(Path file) {
    for (FlinkCluster cluster : Manifests.clusters(file)) {
      cluster.getMetadata().setNamespace("default");
      cluster.getMetadata().setUid("1");
      assertThat(AdmissionRules.check(cluster))
          .isInstanceOfSatisfying(
              Admission.Accepted.class, accepted -> assertThat(accepted.warnings()).isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void saysInItsFirstLineWhatItShows(Path file) {
    assertThat(Manifests.text(file)).startsWith("# ");
  }

  @ParameterizedTest
  @MethodSource("examples")
  void bringsItsServiceAccountAndOneCluster(Path file) {
    assertThat(Manifests.objects(file))
        .extracting((ObjectNode object) -> object.path("kind").asText())
        .contains("ServiceAccount")
        .containsOnlyOnce("FlinkCluster");
    assertThat(Manifests.clusters(file)).hasSize(1);
  }
}
