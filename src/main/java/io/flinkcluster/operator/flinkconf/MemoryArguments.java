package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.model.Component;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a Flink process is told of its memory. Flink's own scripts start a JVM in each pod to find
 * it out ({@code BashJavaUtils}, 1.20 to 2.3), which takes a second or two; a test compares the two
 * for every version. Whoever starts a process must tell it all of this: a TaskManager that lacks
 * one of the options does not start.
 *
 * @param jvmOptions for the JVM, separated by blanks
 * @param options of Flink, which say every part of the memory
 */
public record MemoryArguments(String jvmOptions, SortedMap<String, String> options) {

  private static final String DIRECT_LIMIT = "jobmanager.memory.enable-jvm-direct-memory-limit";
  private static final String CORES = "taskmanager.cpu.cores";
  private static final String SLOTS = "taskmanager.numberOfTaskSlots";

  /** Copies the map. */
  public MemoryArguments {
    options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
  }

  /**
   * For one process.
   *
   * @param config with {@code *.memory.process.size} in bytes, the parts of which fit
   */
  public static MemoryArguments of(FlinkConfig config, Component component) {
    long total =
        config
            .get(component.label() + ".memory.process.size")
            .flatMap(OptionValues::bytes)
            .orElseThrow();
    MemoryDivision memory = MemoryDivider.of(component, config.values(), total);
    return component == Component.JOB_MANAGER
        ? ofJobManager(config, memory)
        : ofTaskManager(config, memory);
  }

  /** The options as arguments of the process. */
  public String arguments() {
    return options.entrySet().stream()
        .map(option -> "-D " + option.getKey() + "=" + option.getValue())
        .collect(Collectors.joining(" "));
  }

  private static MemoryArguments ofJobManager(FlinkConfig config, MemoryDivision memory) {
    long heap = memory.bytes(JobManagerMemory.HEAP);
    long offHeap = memory.bytes(JobManagerMemory.OFF_HEAP);
    boolean limited = config.get(DIRECT_LIMIT).filter(Boolean::parseBoolean).isPresent();
    var options = sizes("jobmanager", memory, Map.of("heap.size", heap, "off-heap.size", offHeap));
    return new MemoryArguments(jvm(heap, limited ? offHeap : -1, memory), options);
  }

  private static MemoryArguments ofTaskManager(FlinkConfig config, MemoryDivision memory) {
    long frameworkHeap = memory.bytes(TaskManagerMemory.FRAMEWORK_HEAP);
    long frameworkOffHeap = memory.bytes(TaskManagerMemory.FRAMEWORK_OFF_HEAP);
    long taskHeap = memory.bytes(TaskManagerMemory.TASK_HEAP);
    long taskOffHeap = memory.bytes(TaskManagerMemory.TASK_OFF_HEAP);
    long network = memory.bytes(TaskManagerMemory.NETWORK);
    var options =
        sizes(
            "taskmanager",
            memory,
            Map.of(
                "framework.heap.size", frameworkHeap,
                "framework.off-heap.size", frameworkOffHeap,
                "task.heap.size", taskHeap,
                "task.off-heap.size", taskOffHeap,
                "network.min", network,
                "network.max", network,
                "managed.size", memory.bytes(TaskManagerMemory.MANAGED)));
    String slots = config.get(SLOTS).orElseThrow();
    options.put(SLOTS, slots);
    options.put(CORES, Double.toString(Double.parseDouble(config.get(CORES).orElse(slots))));
    long direct = frameworkOffHeap + taskOffHeap + network;
    return new MemoryArguments(jvm(frameworkHeap + taskHeap, direct, memory), options);
  }

  /** With what both processes have. */
  private static SortedMap<String, String> sizes(
      String component, MemoryDivision memory, Map<String, Long> own) {
    long overhead = memory.bytes(ProcessMemory.OVERHEAD);
    var sizes = new TreeMap<>(own);
    sizes.put("jvm-metaspace.size", memory.bytes(ProcessMemory.METASPACE));
    sizes.put("jvm-overhead.min", overhead);
    sizes.put("jvm-overhead.max", overhead);
    var options = new TreeMap<String, String>();
    sizes.forEach((name, bytes) -> options.put(component + ".memory." + name, bytes + "b"));
    return options;
  }

  /** In bytes; a negative limit is none. */
  private static String jvm(long heap, long directLimit, MemoryDivision memory) {
    return "-Xmx"
        + heap
        + " -Xms"
        + heap
        + (directLimit < 0 ? "" : " -XX:MaxDirectMemorySize=" + directLimit)
        + " -XX:MaxMetaspaceSize="
        + memory.bytes(ProcessMemory.METASPACE);
  }
}
