package io.flinkcluster.operator.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that only a file system can serve which the image may not have. */
class FileSystemRulesTest {

  private static List<Problem> warnings(String... changes) {
    return ((Admission.Accepted) AdmissionRules.check(Resource.with(changes))).warnings();
  }

  private static String variable(String name, String value) {
    return "podTemplate: {spec: {containers: [{name: flink, env: [{name: %s, value: '%s'}]}]}}"
        .formatted(name, value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {storage: {baseURI: "ftp://h/x"}}                    | spec.storage.baseURI | knows ftp://
          {storage: {baseURI: "s4://b/x"}}                     | spec.storage.baseURI | knows s4://
          {storage: {savepoints: "sftp://h/x"}}                | spec.storage.savepoints | knows sftp://
          {highAvailability: {enabled: true}, storage: {highAvailability: "ftp://h/x"}} | spec.storage.highAvailability | knows ftp://
          {job: {initialSavepoint: "ftp://h/x/savepoint-1"}}   | spec.job.initialSavepoint | knows ftp://
          {storage: {baseURI: "gs://b/x"}}                     | spec.storage.baseURI | flink-gs-fs-hadoop
          {storage: {baseURI: "abfss://c@a/x"}, image: "docker.io/apache/flink:2.3.0-java17"} | spec.storage.baseURI | flink-azure-fs-hadoop
          {storage: {baseURI: "hdfs://n/x"}}                   | spec.storage.baseURI | HADOOP_CLASSPATH
          """)
  void isWarnedOfByTheFieldThatNamesIt(String change, String field, String text) {
    assertThat(warnings(change))
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.field()).isEqualTo(field);
              assertThat(warning.message()).contains(text);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{storage: {baseURI: 'gs://b/x'}, image: 'registry.example.com/jobs/flink-gs:1'}",
        "{storage: {baseURI: 'ftp://h/x'}, hadoopConf: {configMapName: h}}",
        "{storage: {baseURI: 's3://b/x', s3Plugin: None}}",
        "{storage: {highAvailability: 'ftp://h/x'}}"
      })
  void isNotWarnedOfWhereItMayBeMeantOrIsNotUsed(String change) {
    assertThat(warnings(change)).isEmpty();
  }

  @Test
  void isNotWarnedOfWhereItsPluginIsEnabled() {
    String gs = "{storage: {baseURI: 'gs://b/x'}, %s}";
    String enabled = variable("ENABLE_BUILT_IN_PLUGINS", "flink-gs-fs-hadoop-2.3.0.jar");
    String another = variable("ENABLE_BUILT_IN_PLUGINS", "flink-oss-fs-hadoop-2.3.0.jar");
    assertThat(warnings(gs.formatted(enabled))).isEmpty();
    assertThat(warnings(gs.formatted(another))).hasSize(1);
    assertThat(
            warnings(
                "{storage: {baseURI: 'ftp://h/x'}, %s}"
                    .formatted(variable("HADOOP_CLASSPATH", "/opt/hadoop/*"))))
        .isEmpty();
  }
}
