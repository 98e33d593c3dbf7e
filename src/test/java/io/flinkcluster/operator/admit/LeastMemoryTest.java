package io.flinkcluster.operator.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.junit.jupiter.api.Test;

/** The least process sizes, against the code by which Flink itself divides them. */
class LeastMemoryTest {

  private static final long MEBIBYTE = 1L << 20;

  @Test
  void aTaskManagerOfTheLeastSizeCanBeDividedAndASmallerOneCannot() {
    assertThatCode(() -> taskManager(ResourceRules.TASK_MANAGER_LEAST)).doesNotThrowAnyException();
    assertThatThrownBy(() -> taskManager(ResourceRules.TASK_MANAGER_LEAST - MEBIBYTE))
        .isInstanceOf(IllegalConfigurationException.class);
  }

  /** Below 128 MiB Flink only warns; such a JobManager runs out of memory with its first job. */
  @Test
  void aJobManagerOfTheLeastSizeHasTheHeapThatFlinkAsksFor() {
    assertThat(jobManagerHeap(ResourceRules.JOB_MANAGER_LEAST)).isEqualTo(128 * MEBIBYTE);
  }

  private static void taskManager(long bytes) {
    TaskExecutorProcessUtils.processSpecFromConfig(
        Configuration.fromMap(Map.of("taskmanager.memory.process.size", bytes + "b")));
  }

  private static long jobManagerHeap(long bytes) {
    return JobManagerProcessUtils.processSpecFromConfig(
            Configuration.fromMap(Map.of("jobmanager.memory.process.size", bytes + "b")))
        .getJvmHeapMemorySize()
        .getBytes();
  }
}
