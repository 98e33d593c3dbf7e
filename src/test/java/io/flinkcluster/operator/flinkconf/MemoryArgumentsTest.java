package io.flinkcluster.operator.flinkconf;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.flinkconf.FlinkConfig.Setting;
import io.flinkcluster.operator.model.Component;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/**
 * What a process is told of its memory, against the JVM that Flink's own scripts start for it.
 * Takes five seconds.
 */
class MemoryArgumentsTest {
  private static final String UTILITIES = "org.apache.flink.runtime.util.bash.BashJavaUtils";

  /** Says of external resources once more what the configuration says. */
  private static final String EXTERNAL = "external-resource";

  @Property(tries = 300)
  void aTaskManagerIsToldWhatFlinksScriptsTellIt(
      @ForAll FlinkVersion version,
      @ForAll("taskManagers") Map<String, String> options,
      @ForAll @LongRange(min = 512, max = 65536) long mebibytes) {
    compare(version, Component.TASK_MANAGER, options, mebibytes);
  }

  @Property(tries = 200)
  void aJobManagerIsToldWhatFlinksScriptsTellIt(
      @ForAll FlinkVersion version,
      @ForAll("jobManagers") Map<String, String> options,
      @ForAll @LongRange(min = 512, max = 65536) long mebibytes) {
    compare(version, Component.JOB_MANAGER, options, mebibytes);
  }

  private static void compare(
      FlinkVersion version, Component component, Map<String, String> options, long mebibytes) {
    var all = new TreeMap<>(options);
    all.put(component.label() + ".memory.process.size", (mebibytes << 20) + "b");
    Optional<List<?>> theirs = scripts(version, component, all);
    Assume.that(theirs.isPresent()); // else the spec is refused

    var settings = new TreeMap<String, Setting>();
    all.forEach((name, value) -> settings.put(name, new Setting(value, Origin.SPEC)));
    var ours = MemoryArguments.of(new FlinkConfig(settings), component);

    assertThat(ours.jvmOptions()).isEqualTo(theirs.get().get(0));
    assertThat(options(ours.arguments())).isEqualTo(options((String) theirs.get().get(1)));
  }

  private static Map<String, String> options(String arguments) {
    var options = new TreeMap<String, String>();
    for (String argument : arguments.substring("-D ".length()).split(" -D ")) {
      String[] parts = argument.split("=", 2);
      options.put(parts[0], parts[1]);
    }
    options.keySet().removeIf(name -> name.startsWith(EXTERNAL));
    return options;
  }

  private static Optional<List<?>> scripts(
      FlinkVersion version, Component component, Map<String, String> options) {
    var flink = ReleasedFlink.of(version);
    try {
      Class<?> configuration = flink.load("org.apache.flink.configuration.Configuration");
      Object read = configuration.getMethod("fromMap", Map.class).invoke(null, options);
      String name =
          component == Component.TASK_MANAGER ? "getTmResourceParams" : "getJmResourceParams";
      var params = flink.load(UTILITIES).getDeclaredMethod(name, configuration);
      params.setAccessible(true);
      return Optional.of((List<?>) params.invoke(null, read));
    } catch (InvocationTargetException e) {
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Provide
  Arbitrary<Map<String, String>> taskManagers() {
    var names =
        List.of(
            "jvm-metaspace.size",
            "jvm-overhead.min",
            "framework.heap.size",
            "framework.off-heap.size",
            "task.heap.size",
            "task.off-heap.size",
            "managed.size",
            "network.min",
            "network.max");
    return Combinators.combine(
            sizes("taskmanager", names),
            Arbitraries.integers().between(1, 64),
            Arbitraries.of("", "1", "2.5", "0.1"),
            Arbitraries.of("", "gpu"))
        .as(
            (options, slots, cores, external) -> {
              options.put("taskmanager.numberOfTaskSlots", Integer.toString(slots));
              if (!cores.isEmpty()) {
                options.put("taskmanager.cpu.cores", cores);
              }
              if (!external.isEmpty()) {
                options.put("external-resources", external);
                options.put("external-resource.gpu.amount", "2");
              }
              return options;
            });
  }

  @Provide
  Arbitrary<Map<String, String>> jobManagers() {
    var names = List.of("jvm-metaspace.size", "jvm-overhead.min", "heap.size", "off-heap.size");
    return Combinators.combine(
            sizes("jobmanager", names), Arbitraries.of("", "true", "TRUE", "false"))
        .as(
            (options, limited) -> {
              if (!limited.isEmpty()) {
                options.put("jobmanager.memory.enable-jvm-direct-memory-limit", limited);
              }
              return options;
            });
  }

  private static Arbitrary<Map<String, String>> sizes(String component, List<String> names) {
    return Arbitraries.maps(
            Arbitraries.of(names), Arbitraries.longs().between(0, 512).map(m -> m + "m"))
        .ofMaxSize(3)
        .map(
            sizes -> {
              var options = new TreeMap<String, String>();
              sizes.forEach((name, size) -> options.put(component + ".memory." + name, size));
              return options;
            });
  }
}
