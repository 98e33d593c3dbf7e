package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatisticsTest {
  @ParameterizedTest
  @CsvSource({"7, 7", "3 1, 2", "9 1 4, 4", "4 1 3 2, 2.5", "1 1 1000, 1", "-2 -4, -3"})
  void median(String measured, double expected) {
    assertThat(Statistics.median(numbers(measured))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "7, 50, 7",
    "7, 99, 7",
    "4 1 3 2, 50, 2",
    "4 1 3 2, 51, 3",
    "4 1 3 2, 99, 4",
    "1 2 3 4 5 6 7 8 9 10, 90, 9",
    "1 2 3 4 5 6 7 8 9 10, 100, 10",
    "2 1, 1, 1"
  })
  void percentile(String measured, int percent, double expected) {
    assertThat(Statistics.percentile(numbers(measured), percent)).isEqualTo(expected);
  }

  @Test
  void nothingWasMeasured() {
    assertThatIllegalArgumentException().isThrownBy(() -> Statistics.median(List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> Statistics.percentile(List.of(), 50));
  }

  private static List<Long> numbers(String text) {
    return Arrays.stream(text.split(" ")).map(Long::valueOf).toList();
  }
}
