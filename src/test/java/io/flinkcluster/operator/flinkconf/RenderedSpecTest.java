package io.flinkcluster.operator.flinkconf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.admit.Resource;
import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Launch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * For any accepted spec: what the released jars of its version read out of the rendered file is
 * what was meant, option by option.
 */
class RenderedSpecTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> TEXTS =
      List.of(
          "plain",
          "",
          " ",
          "yes",
          "null",
          "~",
          "1e3",
          "0123",
          "1.20",
          "a: b # c",
          "[x]",
          "{x}",
          "*a",
          "&a",
          "%",
          "'",
          "\"",
          "\\",
          "ünï\ud83d\ude00",
          "trailing ",
          "$(x)",
          "a,b;c:d");

  /** A version and options for it, by any of the names it reads. */
  record Given(FlinkVersion version, Map<String, String> options, ObjectNode fields) {}

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void flinkReadsBackExactlyWhatWasMeant(@ForAll("specs") Given given) {
    Admission admission = AdmissionRules.check(Resource.with(yaml(given)));
    Assume.that(admission instanceof Admission.Accepted);
    CheckedCluster cluster = ((Admission.Accepted) admission).cluster();
    FlinkConfig config =
        FlinkConfigRenderer.render(
            cluster, new Launch(3, Optional.of("0".repeat(32)), Optional.empty()));

    var read = ReleasedConfiguration.read(given.version(), config.toYaml());

    assertThat(read.toMap()).isEqualTo(config.values());
    assertUsersOptions(given, config, read);
    assertFields(cluster, given.version(), read);
  }

  /** Each has its value under the name of the version, and the version can read it. */
  private static void assertUsersOptions(
      Given given, FlinkConfig config, ReleasedConfiguration read) {
    var constants = ReleasedOptions.constants(given.version());
    given
        .options()
        .forEach(
            (key, value) -> {
              for (String name : FlinkOptions.of(given.version()).canonical(key)) {
                assertThat(config.settings().get(name).origin()).as(name).isEqualTo(Origin.USER);
                assertThat(read.toMap().get(name)).as(name).isEqualTo(value);
                if (constants.containsKey(name)) {
                  assertThat(read.get(constants.get(name))).as(name).isNotNull();
                }
              }
            });
  }

  private static void assertFields(
      CheckedCluster cluster, FlinkVersion version, ReleasedConfiguration read) {
    var constants = ReleasedOptions.constants(version);
    assertThat(read.get(constants.get("jobmanager.rpc.port")))
        .contains(cluster.ports().jobManagerRpc());
    assertThat(read.get(constants.get("taskmanager.data.port")))
        .contains(cluster.ports().taskManagerData());
    assertThat(read.get(constants.get("taskmanager.numberOfTaskSlots")))
        .contains(cluster.spec().taskManager().taskSlots());
    assertThat(read.get(constants.get("parallelism.default"))).contains(cluster.parallelism());
    assertThat(read.get(constants.get("execution.checkpointing.interval")))
        .contains(
            Duration.ofMillis(
                FlinkDurations.millis(cluster.spec().storage().checkpointInterval())
                    .orElseThrow()));
    assertThat(read.get(constants.get("execution.checkpointing.dir")))
        .contains(cluster.dirs().checkpoints().orElseThrow());
    assertThat(read.get(constants.get("taskmanager.memory.process.size")).orElseThrow().toString())
        .isEqualTo(memory(version, cluster.taskManagerMemory()));
    long timeout = cluster.bufferTimeout().map(t -> t.millis()).orElse(100L);
    assertThat(read.get(constants.get("execution.buffer-timeout.enabled"))).contains(timeout >= 0);
  }

  private static String memory(FlinkVersion version, long bytes) {
    try {
      return ReleasedFlink.of(version)
          .load("org.apache.flink.configuration.MemorySize")
          .getConstructor(long.class)
          .newInstance(bytes)
          .toString();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String yaml(Given given) {
    ObjectNode spec = given.fields().deepCopy();
    spec.put("flinkVersion", given.version().minor());
    spec.set("flinkConfiguration", MAPPER.valueToTree(given.options()));
    return spec.toString();
  }

  @Provide
  Arbitrary<Given> specs() {
    return Arbitraries.of(FlinkVersion.values())
        .flatMap(
            version ->
                Combinators.combine(options(version), fields())
                    .as((options, fields) -> new Given(version, options, fields)));
  }

  private static Arbitrary<Map<String, String>> options(FlinkVersion version) {
    var known = FlinkOptions.of(version);
    var names = new ArrayList<String>();
    for (String key : known.keys()) {
      FlinkOption option = known.find(key).orElseThrow();
      names.add(key);
      names.addAll(option.aliases());
    }
    names.removeIf(
        name ->
            OwnedOptions.remedy(version, name, true).isPresent()
                || SensitiveOptions.contains(name)
                || name.contains("<")
                || name.contains("#")
                || name.startsWith("env.java.")
                || name.contains(".memory."));
    var own =
        Arbitraries.of(names)
            .flatMap(
                name ->
                    value(known.find(known.canonical(name).get(0)).orElseThrow().type())
                        .map(value -> Map.entry(name, value)));
    var foreign =
        Combinators.combine(
                Arbitraries.strings().withCharRange('a', 'z').ofMinLength(6).ofMaxLength(9),
                Arbitraries.of(TEXTS))
            .as((name, value) -> Map.entry("mycompany." + name, value));
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(4, own), net.jqwik.api.Tuple.of(1, foreign))
        .list()
        .ofMaxSize(8)
        .map(
            entries -> {
              var options = new java.util.TreeMap<String, String>();
              entries.forEach(entry -> options.put(entry.getKey(), entry.getValue()));
              return options;
            });
  }

  private static Arbitrary<String> value(OptionType type) {
    if (type.list()) {
      return type.kind() == OptionType.Kind.ENUM
          ? Arbitraries.of(type.words())
          : Arbitraries.of("", "a", "a;b");
    }
    return switch (type.kind()) {
      case STRING -> Arbitraries.of(TEXTS);
      case INT -> Arbitraries.integers().map(String::valueOf);
      case LONG -> Arbitraries.longs().map(String::valueOf);
      case FLOAT, DOUBLE -> Arbitraries.doubles().between(0, 1).ofScale(3).map(String::valueOf);
      case BOOLEAN -> Arbitraries.of("true", "false", "TRUE");
      case DURATION -> Arbitraries.of("0", "100", "5 ms", "1 s", "10 min", "2h", "3 days");
      case MEMORY -> Arbitraries.of("0", "1024", "64 mb", "1g", "12 kibibytes");
      case ENUM -> Arbitraries.of(type.words());
      case MAP -> Arbitraries.of("a:1", "a:1,b:2");
    };
  }

  private static Arbitrary<ObjectNode> fields() {
    var timeouts = Arbitraries.of("-1", "0", "5", "5ms", "1 s", "2m", "");
    var ports = Arbitraries.integers().between(10_000, 59_000);
    var slots = Arbitraries.integers().between(1, 8);
    var intervals = Arbitraries.of("10ms", "60s", "5m", "1h", "1 d");
    var memory = Arbitraries.of("2Gi", "3G", "2147483648", "1792Mi");
    return Combinators.combine(timeouts, ports, slots, intervals, memory)
        .as(
            (timeout, port, slot, interval, size) -> {
              ObjectNode spec = MAPPER.createObjectNode();
              if (!timeout.isEmpty()) {
                spec.put("bufferTimeout", timeout);
              }
              spec.putObject("ports")
                  .put("jobManagerRpc", port)
                  .put("taskManagerData", port + 1)
                  .put("rest", port + 2);
              var taskManager = spec.putObject("taskManager").put("taskSlots", slot);
              taskManager.putObject("resources").putObject("limits").put("memory", size);
              spec.putObject("storage").put("checkpointInterval", interval);
              return spec;
            });
  }
}
