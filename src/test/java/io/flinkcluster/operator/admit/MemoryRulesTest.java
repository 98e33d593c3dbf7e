package io.flinkcluster.operator.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryRulesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          taskManager | 900Mi | {} | spec.taskManager.resources.limits.memory (900Mi): is too small: the parts need 948.8Mi before the heap: 256Mi JVM metaspace + 192Mi JVM overhead (10 % of the process's 900Mi, at least 192Mi) + 128Mi framework heap + 128Mi framework off-heap + 180.8Mi managed memory (40 % of Flink's 452Mi) + 64Mi network buffers (10 % of Flink's 452Mi, at least 64Mi); raise it to at least 982Mi, or lower one of the parts by its option taskmanager.memory.*
          jobManager  | 600Mi | {} | spec.jobManager.resources.limits.memory (600Mi): is too small: the parts leave 24Mi of heap, and a JobManager needs 128Mi: 256Mi JVM metaspace + 192Mi JVM overhead (10 % of the process's 600Mi, at least 192Mi) + 128Mi off-heap + 24Mi heap (the rest); raise it to at least 704Mi, or lower one of the parts by its option jobmanager.memory.*
          taskManager | 1Gi   | {taskmanager.memory.managed.size: 512m} | raise it to at least 1302Mi
          taskManager | 4Gi   | {taskmanager.memory.task.heap.size: 1g, taskmanager.memory.managed.size: 1g} | leaves 1280Mi for the JVM overhead, which may have at most 1024Mi (taskmanager.memory.jvm-overhead.max)
          taskManager | 4Gi   | {taskmanager.memory.task.heap.size: 1g, taskmanager.memory.managed.size: 1g} | lower it to 3009Mi or a little more, or raise the options taskmanager.memory.*
          taskManager | 2Gi   | {taskmanager.memory.network.min: 1g, taskmanager.memory.network.max: 64m} | taskmanager.memory.network.min is above taskmanager.memory.network.max; correct the options taskmanager.memory.*; no size fits them
          taskManager | 2Gi   | {taskmanager.memory.managed.fraction: '1.5'} | taskmanager.memory.managed.fraction is not between 0 and 1
          taskManager | 2Gi   | {taskmanager.network.memory.min: 2g} | 2048Mi network buffers
          """)
  void aSizeThatFlinkCannotDivideIsRefusedPartByPart(
      String component, String size, String options, String message) {
    var change =
        "{"
            + component
            + ": {resources: {limits: {memory: "
            + size
            + "}}}, flinkConfiguration: "
            + options
            + "}";

    assertThat(Resource.problems(Resource.with(change)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{taskManager: {resources: {limits: {memory: 982Mi}}}}",
        "{taskManager: {resources: {requests: {memory: 985Mi}}}}"
      })
  void aTaskManagerThatLeavesTheJobNothingIsAcceptedWithTheSum(String change) {
    var admission = AdmissionRules.check(Resource.with(change));

    assertThat(((Admission.Accepted) admission).warnings())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("of heap to the job's tasks: 256Mi JVM metaspace + ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2048m  | the suffix m means thousandths of a byte; write 2048Mi for mebibytes
          1500m  | the suffix m means thousandths of a byte; write 1500Mi for mebibytes
          2Gib   | is not a quantity
          1024   | is less than a mebibyte
          """)
  void aUnitThatWasNotMeantIsExplained(String memory, String message) {
    var change = "{taskManager: {resources: {limits: {memory: '" + memory + "'}}}}";

    assertThat(Resource.problems(Resource.with(change)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {jobManager: {resources: {limits: {cpu: 200m}}}}                        | spec.jobManager.resources.limits.cpu (200m): a process of Flink that is held to so little takes a minute to start
          {taskManager: {resources: {requests: {cpu: 100m}, limits: {cpu: '0.25'}}}} | spec.taskManager.resources.limits.cpu (250m)
          """)
  void aProcessorLimitThatStranglesAStartIsAcceptedWithAWarning(String change, String warning) {
    var admission = AdmissionRules.check(Resource.with(change));

    assertThat(((Admission.Accepted) admission).warnings())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .startsWith(warning);
  }
}
