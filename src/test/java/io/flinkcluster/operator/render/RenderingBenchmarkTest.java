package io.flinkcluster.operator.render;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.flinkconf.FlinkConfigRenderer;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Launch;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prints what admission and rendering of one cluster take; the figures cannot fail. */
@Isolated
class RenderingBenchmarkTest {

  private static final int ROUNDS = 1000;
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
  private static final OperatorIdentity OPERATOR =
      new OperatorIdentity("flink-system", java.util.Map.of("a", "b"), "operator:1");

  private static final Launch LAUNCH = new Launch(2, Optional.of("0".repeat(32)), Optional.empty());

  @ParameterizedTest
  @ValueSource(strings = {"stateful-2.3", "everything"})
  void medianOfOneCluster(String golden) throws Exception {
    Path file = Path.of("src/test/resources/golden", golden, "in.yaml");
    String yaml = java.nio.file.Files.readString(file);
    var mapper = new YAMLMapper();
    FlinkCluster resource = mapper.readValue(yaml, FlinkCluster.class);
    CheckedCluster cluster = ((Admission.Accepted) AdmissionRules.check(resource)).cluster();

    double parse = median(() -> parse(mapper, yaml));
    double admit = median(() -> AdmissionRules.check(resource));
    double configure = median(() -> FlinkConfigRenderer.render(cluster, LAUNCH).toYaml());
    double objects = median(() -> objects(cluster));

    System.out.printf(
        "%s, median of one cluster: admission %.0f us, configuration %.0f us, all objects of a start"
            + " %.0f us; its YAML alone is parsed in %.0f us (ratio %.2f)%n",
        golden, admit, configure, objects, parse, (admit + objects) / parse);
  }

  private static int objects(CheckedCluster cluster) {
    var config = FlinkConfigRenderer.render(cluster, LAUNCH);
    return LaunchObjects.configMap(cluster, LAUNCH, config).hashCode()
        + LaunchObjects.jobManagerService(cluster, LAUNCH).hashCode()
        + LaunchObjects.jobManager(cluster, LAUNCH, config, OPERATOR).hashCode()
        + LaunchObjects.taskManager(cluster, LAUNCH, config).hashCode();
  }

  private static Object parse(YAMLMapper mapper, String yaml) {
    try {
      return mapper.readValue(yaml, FlinkCluster.class);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * In microseconds of processor time, which other processes do not lengthen; the first half of the
   * rounds warms up.
   */
  private static double median(Supplier<Object> work) {
    var nanos = new long[ROUNDS];
    int kept = 0;
    for (int i = 0; i < 2 * ROUNDS; i++) {
      long begin = CPU.getCurrentThreadCpuTime();
      Object result = work.get();
      long took = CPU.getCurrentThreadCpuTime() - begin;
      if (i >= ROUNDS && result != null) {
        nanos[kept++] = took;
      }
    }
    Arrays.sort(nanos);
    return nanos[ROUNDS / 2] / 1000.0;
  }
}
