package io.flinkcluster.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.JobStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SteadyJobTest {
  private static JobStatus job(
      String id, Integer parallelism, String timeout, String pressure, Long lag) {
    return new JobStatus(
        id,
        "RUNNING",
        parallelism,
        "2026-01-01T00:00:00Z",
        0L,
        timeout,
        null,
        pressure == null ? null : new JobStatus.BackPressure(pressure, "vertex at " + pressure),
        lag);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "0.50, 0.55, 0.50, 7, 90, 7",
        "0.50, 0.61, 0.61, 7, 200, 200",
        "0.50, -, 0.50, 7, -, 7",
        "-, 0.50, 0.50, -, 7, 7",
        "much, 0.50, 0.50, 7, 0, 0",
        "-, -, -, -, -, -"
      })
  void noiseAndWhatIsNotMeasuredYetIsNoNews(
      String pressure,
      String pressureNow,
      String pressureTold,
      Long lag,
      Long lagNow,
      Long lagTold) {
    assertThat(
            SteadyJob.after(
                job("a", 2, "7ms", pressure, lag), job("a", 2, "7ms", pressureNow, lagNow)))
        .isEqualTo(job("a", 2, "7ms", pressureTold, lagTold));
  }

  @Test
  void whatIsNotKnownYetStays() {
    JobStatus told = job("a", 2, "7ms", "0.50", 7L);
    assertThat(SteadyJob.after(told, job("a", null, null, null, null))).isEqualTo(told);
    assertThat(SteadyJob.after(told, job("a", 3, "8ms", null, null)))
        .isEqualTo(job("a", 3, "8ms", "0.50", 7L));
  }

  @Test
  void nothingIsKeptOfAnotherJob() {
    JobStatus now = job("b", null, null, null, null);
    assertThat(SteadyJob.after(job("a", 2, "7ms", "0.50", 7L), now)).isEqualTo(now);
    assertThat(SteadyJob.after(null, now)).isEqualTo(now);
  }
}
