package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Problem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BadInputTest {
  static List<BadInput> bad() {
    return BadInput.refusedByTheOperator();
  }

  static List<Path> good() {
    return Manifests.in(Path.of("src", "test", "resources", "good"));
  }

  @Test
  void theCatalogueIsLarge() {
    assertThat(BadInput.all()).hasSizeGreaterThanOrEqualTo(120);
    assertThat(good()).hasSizeGreaterThanOrEqualTo(20);
  }

  @ParameterizedTest
  @MethodSource("bad")
  void isRefusedWithFieldAndRemedy(BadInput input) {
    assertThat(check(input.refused()))
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> {
              assertThat(refused.problems())
                  .extracting(Problem::message)
                  .anySatisfy(message -> assertThat(message).containsPattern(input.message()));
              assertThat(refused.problems())
                  .allSatisfy(
                      problem -> {
                        assertThat(problem.field()).startsWith("spec.");
                        assertThat(problem.remedy()).isNotBlank();
                      });
            });
  }

  @ParameterizedTest
  @MethodSource("good")
  void isAdmitted(Path file) {
    boolean later = Manifests.text(file).contains("\n# later: yes\n");
    for (ObjectNode object : Manifests.objects(file)) {
      if (later) {
        assertThat(check(object))
            .isInstanceOfSatisfying(
                Admission.Refused.class,
                refused ->
                    assertThat(refused.problems())
                        .allSatisfy(p -> assertThat(p.message()).contains("not supported yet")));
      } else {
        assertThat(check(object)).isInstanceOf(Admission.Accepted.class);
      }
    }
  }

  private static Admission check(ObjectNode object) {
    FlinkCluster cluster = new ObjectMapper().convertValue(object, FlinkCluster.class);
    cluster.getMetadata().setNamespace("default");
    cluster.getMetadata().setUid("1");
    return AdmissionRules.check(cluster);
  }
}
