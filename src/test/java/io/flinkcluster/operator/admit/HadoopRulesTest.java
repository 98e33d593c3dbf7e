package io.flinkcluster.operator.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.model.Admission;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HadoopRulesTest {

  private static final String DIRECTORY =
      "podTemplate: {spec: {containers: [{name: flink, env: [{name: HADOOP_CONF_DIR, value: /x}]}]}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {hadoopConf: {configMapName: h}, flinkConfiguration: {env.hadoop.conf.dir: /x}} | spec.flinkConfiguration.env.hadoop.conf.dir
          {hadoopConf: {configMapName: h}, podTemplate: {spec: {containers: [{name: flink, env: [{name: HADOOP_CONF_DIR, value: /x}]}]}}} | spec.podTemplate.spec.containers[flink].env[HADOOP_CONF_DIR]
          {hadoopConf: {configMapName: h}, taskManager: {podTemplate: {spec: {containers: [{name: flink, env: [{name: HADOOP_CONF_DIR, value: /x}]}]}}}} | spec.taskManager.podTemplate.spec.containers[flink].env[HADOOP_CONF_DIR]
          """)
  void twoPlacesOfHadoopsConfigurationAreRefused(String change, String field) {
    assertThat(Resource.problems(Resource.with(change)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.field()).isEqualTo(field));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{storage: {baseURI: 'hdfs://n/x'}, hadoopConf: {configMapName: h}}",
        "{storage: {baseURI: 'hdfs://n/x'}, flinkConfiguration: {env.hadoop.conf.dir: /x}}",
        "{storage: {baseURI: 'hdfs://n/x'}, " + DIRECTORY + "}",
        "{hadoopConf: {configMapName: h}, podTemplate: {spec: {containers: [{name: flink, env:"
            + " [{name: HADOOP_CLASSPATH, value: '/opt/hadoop/*'}]}]}}}"
      })
  void onePlaceIsAcceptedWithoutAWord(String change) {
    var admission = AdmissionRules.check(Resource.with(change));

    assertThat(((Admission.Accepted) admission).warnings()).isEmpty();
  }
}
