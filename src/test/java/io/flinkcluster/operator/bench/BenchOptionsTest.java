package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchOptionsTest {
  @ParameterizedTest
  @CsvSource({
    "'', 3, 2.3, false",
    "--keep, 3, 2.3, true",
    "--repeat 1, 1, 2.3, false",
    "--repeat 5 --keep, 5, 2.3, true",
    "--flink 1.20 --repeat 2, 2, 1.20, false",
    "--keep --repeat 100, 100, 2.3, true"
  })
  void whatIsAskedFor(String line, int repeat, String flink, boolean keep) {
    assertThat(BenchOptions.parse(words(line))).isEqualTo(new BenchOptions(repeat, flink, keep));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--repeat", "--repeat 0", "--repeat 101", "--repeat x", "--repeat --keep"})
  void noNumber(String line) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BenchOptions.parse(words(line)))
        .withMessage("--repeat needs a number from 1 to 100; " + BenchOptions.USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--flink", "--flink 1.19", "--flink --keep"})
  void noVersion(String line) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BenchOptions.parse(words(line)))
        .withMessage("--flink needs one of 2.3, 1.20; " + BenchOptions.USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "3", "--keep yes"})
  void notAnOption(String line) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BenchOptions.parse(words(line)))
        .withMessage(BenchOptions.USAGE);
  }

  private static List<String> words(String line) {
    return Arrays.stream(line.split(" ")).filter(word -> !word.isEmpty()).toList();
  }
}
