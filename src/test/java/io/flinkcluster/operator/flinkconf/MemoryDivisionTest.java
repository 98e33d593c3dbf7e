package io.flinkcluster.operator.flinkconf;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.model.Component;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The sums, against the classes by which the released versions divide the memory themselves. */
class MemoryDivisionTest {

  private static final long MEBIBYTE = 1L << 20;
  private static final String UTILITIES = "org.apache.flink.runtime.clusterframework.";

  @Property(tries = 600)
  void aTaskManagerIsDividedAsFlinkDividesIt(
      @ForAll FlinkVersion version,
      @ForAll("taskManagers") Map<String, String> options,
      @ForAll @LongRange(min = 1, max = 8192) long mebibytes) {
    long total = mebibytes * MEBIBYTE;

    var ours = MemoryDivider.of(Component.TASK_MANAGER, options, total);
    var theirs = flink(version, Component.TASK_MANAGER, options, total);

    assertThat(ours.misfit().isEmpty()).as("%s", ours).isEqualTo(theirs.isPresent());
    theirs.ifPresent(
        spec -> {
          assertThat(ours.bytes("task heap")).isEqualTo(bytes(spec, "getTaskHeapSize"));
          assertThat(ours.bytes("network buffers")).isEqualTo(bytes(spec, "getNetworkMemSize"));
          assertThat(ours.bytes("managed memory")).isEqualTo(bytes(spec, "getManagedMemorySize"));
          assertThat(ours.bytes("JVM metaspace")).isEqualTo(bytes(spec, "getJvmMetaspaceSize"));
          assertThat(ours.bytes("JVM overhead")).isEqualTo(bytes(spec, "getJvmOverheadSize"));
        });
  }

  @Property(tries = 300)
  void aJobManagerIsDividedAsFlinkDividesIt(
      @ForAll FlinkVersion version,
      @ForAll("jobManagers") Map<String, String> options,
      @ForAll @LongRange(min = 1, max = 4096) long mebibytes) {
    long total = mebibytes * MEBIBYTE;

    var ours = MemoryDivider.of(Component.JOB_MANAGER, options, total);
    var theirs = flink(version, Component.JOB_MANAGER, options, total);

    boolean littleHeap = ours.misfit().filter(p -> p.reason().contains("leave")).isPresent();
    assertThat(ours.misfit().isEmpty() || littleHeap && theirs.isPresent())
        .as("%s", ours)
        .isEqualTo(theirs.isPresent());
    theirs.ifPresent(
        spec -> {
          assertThat(ours.bytes("heap")).isEqualTo(bytes(spec, "getJvmHeapMemorySize"));
          assertThat(ours.bytes("JVM overhead")).isEqualTo(bytes(spec, "getJvmOverheadSize"));
        });
  }

  @ParameterizedTest
  @EnumSource(FlinkVersion.class)
  void theLeastSizeIsWhatFlinkCanJustDivide(FlinkVersion version) {
    for (Map<String, String> options :
        List.<Map<String, String>>of(
            Map.of(),
            Map.of("taskmanager.memory.managed.size", "0"),
            Map.of("taskmanager.memory.jvm-metaspace.size", "96m"))) {
      long least =
          MemoryDivider.leastMebibytes(Component.TASK_MANAGER, options).orElseThrow() * MEBIBYTE;

      assertThat(flink(version, Component.TASK_MANAGER, options, least)).isPresent();
      assertThat(flink(version, Component.TASK_MANAGER, options, least - MEBIBYTE)).isEmpty();
    }
  }

  @Test
  void theLeastSizesWithoutAnyOption() {
    assertThat(MemoryDivider.leastMebibytes(Component.TASK_MANAGER, Map.of())).contains(982L);
    assertThat(MemoryDivider.leastMebibytes(Component.JOB_MANAGER, Map.of())).contains(704L);
  }

  @Test
  void contradictingOptionsHaveNoLeastSize() {
    assertThat(
            MemoryDivider.leastMebibytes(
                Component.TASK_MANAGER,
                Map.of(
                    "taskmanager.memory.network.min", "1g",
                    "taskmanager.memory.network.max", "64m")))
        .isEmpty();
  }

  @Test
  void theSumNamesEveryPart() {
    assertThat(MemoryDivider.of(Component.TASK_MANAGER, Map.of(), 1728 * MEBIBYTE).sum())
        .isEqualTo(
            "256Mi JVM metaspace + 192Mi JVM overhead (10 % of the process's 1728Mi, at least"
                + " 192Mi) + 128Mi framework heap + 128Mi framework off-heap + 512Mi managed memory"
                + " (40 % of Flink's 1280Mi) + 128Mi network buffers (10 % of Flink's 1280Mi) +"
                + " 384Mi task heap (the rest)");
  }

  @Provide
  Arbitrary<Map<String, String>> taskManagers() {
    return options(
        "taskmanager",
        List.of("managed", "network", "jvm-overhead"),
        List.of(
            "jvm-metaspace.size",
            "jvm-overhead.min",
            "jvm-overhead.max",
            "framework.heap.size",
            "framework.off-heap.size",
            "task.heap.size",
            "task.off-heap.size",
            "managed.size",
            "network.min",
            "network.max"));
  }

  @Provide
  Arbitrary<Map<String, String>> jobManagers() {
    return options(
        "jobmanager",
        List.of("jvm-overhead"),
        List.of(
            "jvm-metaspace.size",
            "jvm-overhead.min",
            "jvm-overhead.max",
            "heap.size",
            "off-heap.size"));
  }

  private static Arbitrary<Map<String, String>> options(
      String component, List<String> fractions, List<String> sizes) {
    var size = Arbitraries.longs().between(0, 1024).map(mebibytes -> mebibytes + "m");
    var fraction = Arbitraries.of("0", "0.05", "0.1", "0.25", "0.5", "0.9", "1.0", "1.5");
    var some = Arbitraries.maps(Arbitraries.of(sizes), size).ofMaxSize(4);
    var shares = Arbitraries.maps(Arbitraries.of(fractions), fraction).ofMaxSize(1);
    return net.jqwik.api.Combinators.combine(some, shares)
        .as(
            (a, b) -> {
              var options = new TreeMap<String, String>();
              a.forEach((name, value) -> options.put(component + ".memory." + name, value));
              b.forEach(
                  (name, value) -> options.put(component + ".memory." + name + ".fraction", value));
              return options;
            });
  }

  private static Optional<Object> flink(
      FlinkVersion version, Component component, Map<String, String> options, long total) {
    var flink = ReleasedFlink.of(version);
    var all = new TreeMap<>(options);
    all.put(component.label() + ".memory.process.size", total + "b");
    try {
      Class<?> configuration = flink.load("org.apache.flink.configuration.Configuration");
      Class<?> utilities =
          component == Component.TASK_MANAGER
              ? flink.load(UTILITIES + "TaskExecutorProcessUtils")
              : flink.load("org.apache.flink.runtime.jobmanager.JobManagerProcessUtils");
      Object read = configuration.getMethod("fromMap", Map.class).invoke(null, all);
      Method divide = utilities.getDeclaredMethod("processSpecFromConfig", configuration);
      divide.setAccessible(true);
      return Optional.of(divide.invoke(null, read));
    } catch (InvocationTargetException e) {
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long bytes(Object spec, String getter) {
    try {
      Object size = spec.getClass().getMethod(getter).invoke(spec);
      return (long) size.getClass().getMethod("getBytes").invoke(size);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
