package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "200, 200, 60, 0",
    "1 --rest 10, 1, 10, 0",
    "10000 --memory 1024 --rest 120, 10000, 120, 1024"
  })
  void whatIsAskedFor(String line, int clusters, int rest, int memory) {
    assertThat(ScaleOptions.parse(words(line))).isEqualTo(new ScaleOptions(clusters, rest, memory));
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "many, CLUSTERS needs a number from 1 to 10000; ",
    "0, CLUSTERS needs a number from 1 to 10000; ",
    "200 --rest, --rest needs a number from 10 to 3600; ",
    "200 --memory 5, --memory needs a number from 128 to 65536; ",
    "200 --keep, ''"
  })
  void badInput(String line, String said) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScaleOptions.parse(words(line)))
        .withMessage((said == null ? "" : said + " ").stripLeading() + ScaleOptions.USAGE);
  }

  private static List<String> words(String line) {
    return Arrays.stream(line.split(" ")).filter(word -> !word.isEmpty()).toList();
  }
}
