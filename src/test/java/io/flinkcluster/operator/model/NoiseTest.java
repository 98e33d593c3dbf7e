package io.flinkcluster.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, true",
    "0, 100, true",
    "0, 101, false",
    "50, 0, false",
    "50, 1, true",
    "1000, 1200, true",
    "1000, 1201, false",
    "1000, 800, true",
    "1000, 799, false",
    "200, 300, true",
    "1000, 0, false"
  })
  void lag(long told, long now, boolean same) {
    assertThat(Noise.sameLag(told, now)).isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.5, true", "0.5, 0.59, true", "0.5, 0.61, false", "0, 0.2, false"})
  void pressure(double told, double now, boolean same) {
    assertThat(Noise.samePressure(told, now)).isEqualTo(same);
  }
}
