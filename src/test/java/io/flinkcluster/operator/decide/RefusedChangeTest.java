package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.model.Admission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bad manifest that only the operator can refuse, as a change of a running cluster. */
class RefusedChangeTest {

  private static final Path FOLDER = Path.of("src", "test", "resources", "bad");

  static Stream<Path> refusedByTheOperator() throws IOException {
    return Files.list(FOLDER).filter(RefusedChangeTest::leftToTheOperator).sorted();
  }

  @ParameterizedTest
  @MethodSource("refusedByTheOperator")
  void theRunningJobGoesOnAndIsHealedByTheOldSpec(Path file) throws IOException {
    DecisionScenario stage = DecisionScenario.stateful().running();
    Decision before = stage.settle();

    stage.spec(spec(file));
    assertThat(stage.situation().admission()).isInstanceOf(Admission.Refused.class);
    Decision refused = stage.settle();

    assertThat(stage.recorded().operation()).isEmpty();
    assertThat(stage.launch().epoch()).isEqualTo(1);
    assertThat(refused.actions()).isEmpty();
    assertThat(refused.runs()).isEqualTo(before.runs());

    stage.spec(DecisionScenario.stateful().yaml());
    Decision healed = stage.settle();

    assertThat(stage.recorded().operation()).isEmpty();
    assertThat(healed.runs()).isEqualTo(before.runs());
    assertThat(stage.recorded().operations())
        .extracting(operation -> operation.type())
        .containsExactly(OperationType.Start);
  }

  private static boolean leftToTheOperator(Path file) {
    try {
      return Files.readString(file).contains("\n# expectLayer: admit\n");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String spec(Path file) throws IOException {
    var yaml = new YAMLMapper();
    try (var objects = yaml.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      List<JsonNode> all = objects.readAll();
      return all.get(all.size() - 1).path("spec").toString();
    }
  }
}
