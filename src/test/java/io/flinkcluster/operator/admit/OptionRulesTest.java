package io.flinkcluster.operator.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Problem;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionRulesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2.3  | cluster.evenly-spread-out-slots: 'true' | Flink 2.0 removed this option, the cluster runs 2.3; use taskmanager.load-balance.mode: SLOTS
          2.0  | state.backend.async: 'true'             | Flink 2.0 removed this option, the cluster runs 2.0; remove it, snapshots are always asynchronous
          1.20 | rest.cache.execution-graph.timeout: 3 s | is an option of Flink 2.3 and later, the cluster runs 1.20; remove it
          2.2  | taskmanager.memory.manged.size: 1 gb    | Flink 2.2 has no such option; write taskmanager.memory.managed.size
          2.1  | taskmanager.colour: red                 | Flink 2.1 has no such option
          2.3  | taskmanager.memory.managed.size: 1Gi    | (1Gi): Flink cannot read it as an amount of memory; write a whole number and a unit of 1024
          2.3  | taskmanager.memory.managed.size: 4 potatoes | (4 potatoes): Flink cannot read it as an amount of memory
          2.0  | execution.checkpointing.timeout: PT10M  | (PT10M): Flink cannot read it as a duration
          2.3  | execution.checkpointing.timeout: '-1 s' | (-1 s): Flink cannot read it as a duration
          2.3  | execution.checkpointing.mode: TWICE     | (TWICE): Flink cannot read it as one of its words; write AT_LEAST_ONCE, EXACTLY_ONCE
          2.3  | execution.checkpointing.max-concurrent-checkpoints: two | (two): Flink cannot read it as a whole number of 32 bits
          2.3  | execution.checkpointing.unaligned.enabled: 'yes' | (yes): Flink cannot read it as a boolean; write true or false
          2.3  | taskmanager.memory.managed.fraction: half | (half): Flink cannot read it as a number
          2.3  | jobmanager.scheduler: ng                | (ng): Flink cannot read it as one of its words; write Adaptive, AdaptiveBatch, Default
          2.3  | yarn.application.name: x                | belongs to the operator; it has no effect on a standalone cluster
          2.3  | containerized.master.env.X: y           | set environment variables in a pod template
          """)
  void anOptionThatFlinkWouldNotActOnIsRefusedWithTheRightOne(
      String version, String option, String message) {
    var change = "{flinkVersion: '" + version + "', flinkConfiguration: {" + option + "}}";

    assertThat(Resource.problems(Resource.with(change)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains(message));
  }

  static Stream<Arguments> pairs() {
    return Stream.of(FlinkVersion.values())
        .flatMap(
            version ->
                Stream.of(
                        "restart-strategy: none, restart-strategy.type: none",
                        "state.backend.incremental: 'true', execution.checkpointing.incremental:"
                            + " 'true'",
                        "akka.ask.timeout: 5 s, pekko.ask.timeout: 5 s",
                        "env.java.opts: -Da=b, env.java.opts.all: -Da=b",
                        "state.checkpoints.num-retained: '2',"
                            + " execution.checkpointing.num-retained: '2'",
                        "state.backend.local-recovery: 'true',"
                            + " execution.state-recovery.from-local: 'true'",
                        "taskmanager.network.memory.fraction: '0.1',"
                            + " taskmanager.memory.network.fraction: '0.1'")
                    .map(pair -> Arguments.of(version.minor(), pair)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void twoNamesOfOneOptionAreRefusedInEveryVersion(String version, String pair) {
    var change = "{flinkVersion: '" + version + "', flinkConfiguration: {" + pair + "}}";

    assertThat(Resource.problems(Resource.with(change)))
        .anySatisfy(problem -> assertThat(problem.reason()).contains("is another spelling of"));
  }

  @ParameterizedTest
  @EnumSource(FlinkVersion.class)
  void anOldNameIsTakenForTheNewOne(FlinkVersion version) {
    var cluster =
        Resource.checked(
            "{flinkVersion: '"
                + version.minor()
                + "', flinkConfiguration: {restart-strategy: fixed-delay,"
                + " restart-strategy.fixed-delay.attempts: '3', state.backend.local-recovery:"
                + " 'true'}}");

    assertThat(cluster.spec().flinkConfiguration())
        .containsOnlyKeys(
            "restart-strategy.type",
            "restart-strategy.fixed-delay.attempts",
            "execution.checkpointing.local-backup.enabled",
            "execution.state-recovery.from-local");
    assertThat(cluster.fingerprint())
        .isEqualTo(
            Resource.checked(
                    "{flinkVersion: '"
                        + version.minor()
                        + "', flinkConfiguration: {restart-strategy.type: fixed-delay,"
                        + " restart-strategy.fixed-delay.attempts: '3',"
                        + " execution.checkpointing.local-backup.enabled: 'true',"
                        + " execution.state-recovery.from-local: 'true'}}")
                .fingerprint());
  }

  @Test
  void anOptionUnlikeAnyOfFlinksIsAcceptedWithAWarning() {
    var admission =
        AdmissionRules.check(Resource.with("{flinkConfiguration: {mycompany.rules: x}}"));

    assertThat(((Admission.Accepted) admission).warnings())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("does not know this option");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metrics.reporter.slf4j.interval: 60 s",
        "s3.endpoint: 'https://x', s3.endpoint.region: y",
        "pipeline.global-job-parameters: 'a:1,b:2'",
        "pipeline.global-job-parameters.a: '1'",
        "execution.checkpointing.timeout: 10 min",
        "execution.checkpointing.mode: at_least_once",
        "taskmanager.memory.managed.size: 0",
        "pipeline.cached-files: 'name:f,path:file:///x'"
      })
  void whatFlinkReadsIsAcceptedWithoutAWord(String options) {
    var admission = AdmissionRules.check(Resource.with("{flinkConfiguration: {" + options + "}}"));

    assertThat(admission)
        .isInstanceOfSatisfying(
            Admission.Accepted.class, accepted -> assertThat(accepted.warnings()).isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2.3  | s3.secret-key: hunter2            | a secret must not stand in the spec, where everyone who may read it sees it; write ${secret:NAME/KEY}
          2.3  | s3.secret-key: '${secret:s3}'     | is not a reference to a value of a Secret; write ${secret:NAME/KEY} and nothing else
          2.3  | s3.secret-key: 'x${secret:s3/k}'  | is not a reference to a value of a Secret
          2.3  | s3.access-key: '${secret:s3/id}'  | Flink 2.3 shows the value of this option in its log and its UI
          2.0  | metrics.reporter.x.api-key: '${secret:m/k}' | Flink 2.0 shows the value of this option in its log and its UI
          """)
  void aSecretThatWouldBeSeenIsRefused(String version, String option, String message) {
    var change = "{flinkVersion: '" + version + "', flinkConfiguration: {" + option + "}}";

    assertThat(Resource.problems(Resource.with(change)))
        .singleElement()
        .satisfies(
            problem -> assertThat(problem.message()).contains(message).doesNotContain("hunter2"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3.secret-key: '${secret:s3/secret-key}'",
        "security.ssl.internal.keystore-password: '${secret:tls/password}'",
        "metrics.reporter.dd.apikey: '${secret:datadog/key}'",
        "metrics.reporter.x.api-key: '${secret:m/k}'"
      })
  void aSecretMayBeReferredTo(String option) {
    assertThat(Resource.problems(Resource.with("{flinkConfiguration: {" + option + "}}")))
        .isEmpty();
  }
}
