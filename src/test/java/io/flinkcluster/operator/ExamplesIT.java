package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@RealApiServer
class ExamplesIT {
  static List<Path> examples() {
    return Manifests.in(Path.of("examples"));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void isAcceptedByTheApiServerToTheLetter(Path file, TestNamespace namespace) {
    var result =
        namespace
            .kubectl()
            .run(
                "apply",
                "--server-side",
                "--dry-run=server",
                "--validate=strict",
                "-f",
                file.toString());
    assertThat(result.output()).contains("flinkcluster.flinkcluster.io/");
    assertThat(result.output()).doesNotContain("Warning");
    assertThat(result.code()).isZero();
  }
}
