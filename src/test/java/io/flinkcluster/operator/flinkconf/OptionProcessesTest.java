package io.flinkcluster.operator.flinkconf;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.flinkconf.FlinkOption.Processes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which processes an option is said to concern, against the classes of the released jars that use
 * its constant: an option of the JobManager alone is used by no class that a TaskManager runs, and
 * the other way round.
 */
class OptionProcessesTest {
  private static final String RUNTIME = "org/apache/flink/runtime/";

  /** Packages that run in both, without what of them only a JobManager has. */
  private static final String BOTH =
      "(?!.*(ResultStore|BlobServer))" + RUNTIME + "(highavailability|rpc|blob|net|heartbeat)/.*|";

  /** Packages that run in a TaskManager. */
  private static final Pattern TASK_MANAGER =
      Pattern.compile(
          BOTH
              + RUNTIME
              + "(taskexecutor|taskmanager|io/network|io/disk|memory|shuffle|operators|execution)/.*"
              + "|org/apache/flink/streaming/runtime/(tasks|io)/.*");

  /** Packages that run in a JobManager, or build its job. */
  private static final Pattern JOB_MANAGER =
      Pattern.compile(
          BOTH
              + RUNTIME
              + "(dispatcher|jobmaster|jobmanager|resourcemanager|scheduler|executiongraph|rest"
              + "|webmonitor|checkpoint|blocklist|failure)/.*"
              + "|org/apache/flink/(client|streaming/api/graph)/.*");

  @ParameterizedTest
  @EnumSource
  void noProcessReadsAnOptionThatIsSaidNotToConcernIt(FlinkVersion version) {
    Map<String, Set<String>> readers = OptionReaders.of(version);
    FlinkOptions options = FlinkOptions.of(version);
    var wrong = new TreeMap<String, String>();
    int told = 0;
    for (String key : options.keys()) {
      Processes processes = options.find(key).orElseThrow().processes();
      for (String reader : readers.getOrDefault(key, Set.of())) {
        boolean other =
            switch (processes) {
              case JOB_MANAGER -> TASK_MANAGER.matcher(reader).matches();
              case TASK_MANAGERS -> JOB_MANAGER.matcher(reader).matches();
              case ALL -> false;
            };
        if (other) {
          wrong.put(key, processes + ", and is read by " + reader);
        }
      }
      told += processes != Processes.ALL && readers.containsKey(key) ? 1 : 0;
    }
    System.out.printf("Flink %s: %d options of one kind of process%n", version.minor(), told);
    assertThat(told).isGreaterThan(100);
    assertThat(wrong).isEmpty();
  }
}
