package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OperatorJvmTest {
  @Test
  void itRunsWithTheOptionsOfTheImage() throws IOException {
    assertThat(OperatorJvm.flags(Files.readString(Path.of("pom.xml"))))
        .contains("-XX:MaxRAMPercentage=55", "-Dflinkcluster.operator.version=benchmark")
        .allMatch(flag -> flag.startsWith("-"));
  }

  @Test
  void itHasTheMemoryOfTheChart() {
    assertThat(OperatorJvm.chartLimit()).isEqualTo(384L * 1024 * 1024);
  }

  @Test
  void theHeapIsTheSumOfItsGenerations() {
    String info =
        """
        12345:
         def new generation   total 14784K, used 263K [0x1, 0x2, 0x3)
          eden space 13184K,   2% used [0x1, 0x2, 0x3)
         tenured generation   total 32768K, used 9737K [0x1, 0x2, 0x3)
           the space 32768K,  29% used [0x1, 0x2, 0x3, 0x4)
         Metaspace       used 23511K, committed 23936K, reserved 1114112K
        """;
    assertThat(OperatorJvm.heapKilobytes(info)).isEqualTo(10_000);
  }
}
