package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessStartTest {
  private static final String STAT =
      "1 (a name) with (blanks) S 0 1 1 0 -1 4194560 2113 3 0 0 5 2 0 0 20 0 1 0 ";

  /** The machine was booted at 1,000,000 s and the process began 20.05 s later. */
  @Test
  void theTicksSinceTheBootAreCounted() {
    String output = STAT + "2005 4000 100\n100.25 180.00\n1000100250\n";
    assertThat(ProcessStart.read(output)).isEqualTo(1_000_020_050L);
  }
}
