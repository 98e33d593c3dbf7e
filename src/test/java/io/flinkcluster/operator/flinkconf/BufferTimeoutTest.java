package io.flinkcluster.operator.flinkconf;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.admit.Resource;
import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.model.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** From the spec to what the released jars of every version read out of the rendered file. */
class BufferTimeoutTest {

  private static final Map<String, Long> EFFECTIVE =
      Map.ofEntries(
          Map.entry("-1", -1L),
          Map.entry("'-1'", -1L),
          Map.entry("0", 0L),
          Map.entry("0ms", 0L),
          Map.entry("1", 1L),
          Map.entry("'250'", 250L),
          Map.entry("5ms", 5L),
          Map.entry("5 ms", 5L),
          Map.entry("1s", 1_000L),
          Map.entry("2m", 120_000L),
          Map.entry("2min", 120_000L),
          Map.entry("1h", 3_600_000L),
          Map.entry("1d", 86_400_000L),
          Map.entry("null", 100L));

  static Stream<Arguments> cases() {
    return Stream.of(FlinkVersion.values())
        .flatMap(
            version ->
                EFFECTIVE.entrySet().stream()
                    .map(e -> Arguments.of(version, e.getKey(), e.getValue())));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void flinkReadsTheTimeoutThatWasAskedFor(FlinkVersion version, String given, long millis) {
    var cluster =
        Resource.checked("{flinkVersion: '" + version.minor() + "', bufferTimeout: " + given + "}");
    var launch = new Launch(1, Optional.empty(), Optional.empty());

    String yaml = FlinkConfigRenderer.render(cluster, launch).toYaml();

    var read = ReleasedConfiguration.read(version, yaml);
    SortedMap<String, Object> constants = ReleasedOptions.constants(version);
    var enabled = (boolean) read.get(constants.get("execution.buffer-timeout.enabled")).get();
    var interval = (Duration) read.get(constants.get("execution.buffer-timeout.interval")).get();
    assertThat(enabled ? interval.toMillis() : -1L).isEqualTo(millis);
    assertThat(read.toMap().containsKey("execution.buffer-timeout")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {bufferTimeout: 0}     | severe loss of throughput
          {bufferTimeout: 5ms, flinkConfiguration: {execution.runtime-mode: BATCH}} | has no effect with execution.runtime-mode BATCH
          {bufferTimeout: 5ms, flinkConfiguration: {execution.runtime-mode: automatic}} | finds only bounded sources
          {bufferTimeout: -1, flinkConfiguration: {taskmanager.network.memory.buffer-debloat.enabled: 'true'}} | waits without limit
          {bufferTimeout: 2s, flinkConfiguration: {taskmanager.network.memory.buffer-debloat.enabled: 'true'}} | than the 1000ms that
          {bufferTimeout: 50ms, flinkConfiguration: {taskmanager.network.memory.buffer-debloat.enabled: 'TRUE', taskmanager.network.memory.buffer-debloat.target: 20 ms}} | than the 20ms that
          """)
  void whatCannotDoWhatItSaysIsAcceptedWithAWarningInEveryVersion(String change, String warning) {
    for (FlinkVersion version : FlinkVersion.values()) {
      assertThat(warnings("{flinkVersion: '" + version.minor() + "'}", change))
          .singleElement()
          .asString()
          .startsWith("spec.bufferTimeout")
          .contains(warning);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {bufferTimeout: -1}
          {bufferTimeout: 100ms, flinkConfiguration: {taskmanager.network.memory.buffer-debloat.enabled: 'true'}}
          {bufferTimeout: -1, flinkConfiguration: {taskmanager.network.memory.buffer-debloat.enabled: 'false'}}
          {bufferTimeout: -1, flinkConfiguration: {execution.runtime-mode: BATCH}}
          {flinkConfiguration: {execution.runtime-mode: BATCH}}
          """)
  void aTimeoutThatWorksIsAcceptedWithoutAWord(String change) {
    assertThat(warnings(change)).isEmpty();
  }

  private static List<String> warnings(String... changes) {
    var admission = AdmissionRules.check(Resource.with(changes));
    assertThat(admission).isInstanceOf(Admission.Accepted.class);
    return ((Admission.Accepted) admission).warnings().stream().map(Problem::message).toList();
  }
}
