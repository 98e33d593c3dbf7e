package io.flinkcluster.operator.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Variables that Flink's image reads and the operator does not, or sets itself. */
class EnvironmentRulesTest {

  private static String env(String of, String variables) {
    String template =
        "podTemplate: {spec: {containers: [{name: flink, env: [" + variables + "]}]}}";
    return of.isEmpty() ? "{" + template + "}" : "{" + of + ": {" + template + "}}";
  }

  @ParameterizedTest
  @CsvSource({
    "'', FLINK_PROPERTIES, spec.flinkConfiguration",
    "jobManager, JOB_MANAGER_RPC_ADDRESS, status.jobManager.address",
    "taskManager, TASK_MANAGER_NUMBER_OF_TASK_SLOTS, spec.taskManager.taskSlots",
    "taskManager, FLINK_ENV_JAVA_OPTS_TM, spec.flinkConfiguration.env.java.opts.taskmanager"
  })
  void isWarnedOfWithTheFieldToUseAndNotWithItsValue(String of, String name, String use) {
    var admission =
        AdmissionRules.check(Resource.with(env(of, "{name: " + name + ", value: hunter2}")));
    assertThat(((Admission.Accepted) admission).warnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.field()).endsWith("containers[flink].env[" + name + "]");
              assertThat(warning.message()).contains("has no effect").doesNotContain("hunter2");
              assertThat(warning.remedy()).contains(use);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "FLINK_CONF_DIR, spec.logConfiguration",
    "FLINK_ENV_JAVA_OPTS, spec.flinkConfiguration.env.java.opts.all",
    "FLINKCLUSTER_X, remove it"
  })
  void isRefusedWhereTheOperatorSetsIt(String name, String use) {
    assertThat(Resource.problems(Resource.with(env("", "{name: " + name + ", value: x}"))))
        .singleElement()
        .satisfies(problem -> assertThat(problem.remedy()).contains(use));
  }

  @Test
  void isNoMatterInAnotherContainerOrByAnotherName() {
    String another =
        "{podTemplate: {spec: {containers: [{name: sidecar, image: a, env: [{name:"
            + " FLINK_PROPERTIES, value: x}]}, {name: flink, env: [{name: ROOT_LOG_LEVEL, value:"
            + " DEBUG}]}]}}}";
    var admission = AdmissionRules.check(Resource.with(another));
    assertThat(((Admission.Accepted) admission).warnings()).extracting(Problem::message).isEmpty();
  }
}
