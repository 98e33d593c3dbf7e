package io.flinkcluster.operator.flinkconf;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.flinkconf.OptionName.ElsewhereKnown;
import io.flinkcluster.operator.flinkconf.OptionName.Foreign;
import io.flinkcluster.operator.flinkconf.OptionName.Known;
import io.flinkcluster.operator.flinkconf.OptionName.Open;
import io.flinkcluster.operator.flinkconf.OptionName.Unknown;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlinkOptionsTest {

  private static final FlinkOptions NEWEST = FlinkOptions.of(FlinkVersion.V2_3);

  @ParameterizedTest
  @EnumSource(FlinkVersion.class)
  void everyVersionKnowsHundredsOfOptionsByTheirOwnNames(FlinkVersion version) {
    var options = FlinkOptions.of(version);

    assertThat(options.keys()).hasSizeGreaterThan(800);
    assertThat(options.keys())
        .allSatisfy(key -> assertThat(options.name(key)).isInstanceOf(Known.class));
  }

  @ParameterizedTest
  @EnumSource(FlinkVersion.class)
  void anOldNameMeansWhatFlinkReadsItAs(FlinkVersion version) {
    var options = FlinkOptions.of(version);

    assertThat(options.canonical("state.backend")).containsExactly("state.backend.type");
    assertThat(options.canonical("akka.ask.timeout")).containsExactly("pekko.ask.timeout");
    assertThat(options.canonical("state.backend.local-recovery"))
        .containsExactlyInAnyOrder(
            "execution.checkpointing.local-backup.enabled", "execution.state-recovery.from-local");
    assertThat(options.canonical("rest.port")).containsExactly("rest.port");
    assertThat(options.canonical("no.such.option")).containsExactly("no.such.option");
  }

  @ParameterizedTest
  @CsvSource({
    "state.backend.async, 2.0",
    "cluster.evenly-spread-out-slots, 2.0",
    "security.ssl.enabled, 2.0",
    "traces.report-events-as-spans, 2.2"
  })
  void aRemovedOptionIsKnownToBeRemoved(String key, String since) {
    assertThat(NEWEST.name(key))
        .isInstanceOfSatisfying(
            ElsewhereKnown.class,
            name -> {
              assertThat(name.removed()).isTrue();
              assertThat(name.since().minor()).isEqualTo(since);
              assertThat(name.instead()).isPresent();
            });
    assertThat(FlinkOptions.of(FlinkVersion.V1_20).name(key)).isInstanceOf(Known.class);
  }

  @Test
  void anOptionOfALaterVersionSaysWhichOneBringsIt() {
    assertThat(
            FlinkOptions.of(FlinkVersion.V2_0)
                .name("execution.terminate-application-on-any-job-terminated-exceptionally"))
        .isEqualTo(new ElsewhereKnown(FlinkVersion.V2_3, false, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({
    "taskmanager.memory.manged.size, taskmanager.memory.managed.size",
    "execution.checkpointing.intervall, execution.checkpointing.interval",
    "taskmanger.numberOfTaskSlots, taskmanager.numberOfTaskSlots",
    "pipeline.max-paralelism, pipeline.max-parallelism",
    "scheduler_mode, scheduler-mode"
  })
  void aSlipInANameIsToldWithTheNameThatWasMeant(String wrong, String right) {
    assertThat(NEWEST.name(wrong))
        .isInstanceOfSatisfying(
            Unknown.class, unknown -> assertThat(unknown.similar()).startsWith(right));
  }

  @Test
  void aNameWithinFlinksOwnThatNoOptionHasIsUnknown() {
    assertThat(NEWEST.name("taskmanager.colour")).isInstanceOf(Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mycompany.rules.file", "a", "job.window"})
  void aNameUnlikeAnyOfFlinksIsForeign(String key) {
    assertThat(NEWEST.name(key)).isEqualTo(new Foreign());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metrics.reporter.graphite.host",
        "s3.endpoint.region",
        "fs.s3a.connection.maximum",
        "presto.s3.max-connections",
        "flink.hadoop.dfs.replication",
        "pipeline.global-job-parameters.window",
        "external-resource.gpu.amount",
        "security.delegation.token.provider.s3.enabled"
      })
  void whatFlinkHandsOnMayHaveAnyName(String key) {
    assertThat(NEWEST.name(key)).isEqualTo(new Open());
  }

  @Test
  void whatTookThePlaceOfARemovedOptionExistsAndTheOptionIsGone() {
    Replacements.all()
        .forEach(
            (key, instead) -> {
              assertThat(FlinkOptions.of(FlinkVersion.V1_20).name(key))
                  .as(key)
                  .isInstanceOf(Known.class);
              assertThat(NEWEST.find(key)).as(key).isEmpty();
              Arrays.stream(instead.split("[ ,:]+"))
                  .filter(word -> word.contains("."))
                  .forEach(name -> assertThat(NEWEST.find(name)).as(name).isPresent());
            });
  }

  @ParameterizedTest
  @CsvSource({
    "taskmanager.network.sort-shuffle.min-buffers, TASK_MANAGERS",
    "taskmanager.memory.managed.size, ALL",
    "jobmanager.execution.failover-strategy, JOB_MANAGER",
    "restart-strategy.type, JOB_MANAGER",
    "execution.checkpointing.timeout, ALL",
    "scheduler-mode, ALL"
  })
  void anOptionSaysWhichProcessesReadIt(String key, FlinkOption.Processes processes) {
    assertThat(NEWEST.find(key).orElseThrow().processes()).isEqualTo(processes);
  }
}
