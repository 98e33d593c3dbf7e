package io.flinkcluster.operator.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutoscalingRulesTest {
  private static final String GOOD =
      "{rescale: {mode: Auto}, autoscaling: {mode: Apply, maxReplicas: 8}}";

  @Test
  void acceptsASpecWithDefaultsWithoutAWord() {
    var admission = AdmissionRules.check(Resource.with(GOOD));

    assertThat(((Admission.Accepted) admission).warnings()).isEmpty();
    var filled = ((Admission.Accepted) admission).cluster().spec().autoscaling();
    assertThat(filled.stabilization().up()).isEqualTo("90s");
    assertThat(filled.targetUtilization()).isEqualTo(70);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {autoscaling: {minReplicas: 9}} | minReplicas | above maxReplicas 8
          {autoscaling: {maxReplicas: 800}} | maxReplicas | job.maxParallelism 720
          {autoscaling: {maxReplicas: null}} | maxReplicas | needed for mode Apply
          {autoscaling: {catchUp: 5s}} | catchUp | not between 1m and 7d
          {autoscaling: {maxLag: 99999999999d}} | maxLag | not between
          {autoscaling: {stabilization: {up: 5s}}} | stabilization.up | not between 30s and 1h
          {autoscaling: {stabilization: {down: 7d}}} | stabilization.down | not between 1m and 1h
          {autoscaling: {quietHours: [{from: "08:00", to: "08:00"}]}} | quietHours | does not say
          {autoscaling: {quietHours: [{from: "08:00", to: "09:00", timeZone: Mars}]}} | quietHours.timeZone | time zone database
          {autoscaling: {vertexMaxParallelism: {map: 721}}} | vertexMaxParallelism.map | between 1 and job.maxParallelism 720
          {job: {upgradeMode: Stateless}, rescale: {mode: Savepoint}} | mode | empty state
          {job: null} | mode | session cluster
          """)
  void refusesWhatContradictsItself(String change, String field, String reason) {
    assertThat(Resource.problems(Resource.with(GOOD, change)))
        .anySatisfy(
            problem -> {
              assertThat(problem.field()).isEqualTo("spec.autoscaling." + field);
              assertThat(problem.reason()).contains(reason);
              assertThat(problem.remedy()).isNotBlank();
            });
  }

  @Test
  void tellsAllProblemsAtOnce() {
    assertThat(
            Resource.problems(
                Resource.with(GOOD, "{autoscaling: {minReplicas: 9, maxLag: 0s, catchUp: 1s}}")))
        .hasSize(3);
  }

  @Test
  void warnsOfRescalesThatStopTheJob() {
    var admission =
        (Admission.Accepted)
            AdmissionRules.check(Resource.with(GOOD, "{rescale: {mode: Savepoint}}"));
    assertThat(admission.warnings()).extracting(Problem::field).contains("spec.autoscaling.mode");
  }

  @Test
  void restartsNothingWhereItChanges() {
    assertThat(Resource.checked(GOOD).fingerprint())
        .isEqualTo(Resource.checked("{rescale: {mode: Auto}}").fingerprint());
  }
}
