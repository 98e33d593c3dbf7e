package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.flinkconf.MemoryDivision.Misfit;
import io.flinkcluster.operator.flinkconf.MemoryDivision.Part;
import java.util.Optional;
import java.util.stream.Stream;

/** Divides the memory of a TaskManager. */
final class TaskManagerMemory extends ProcessMemory {

  static final String FRAMEWORK_HEAP = "framework heap";
  static final String FRAMEWORK_OFF_HEAP = "framework off-heap";
  static final String TASK_HEAP = "task heap";
  static final String TASK_OFF_HEAP = "task off-heap";
  static final String MANAGED = "managed memory";
  static final String NETWORK = "network buffers";

  private final Optional<Long> taskHeap;
  private final Optional<Long> managed;

  TaskManagerMemory(MemorySizes sizes, long total) {
    super(sizes, total);
    this.taskHeap = sizes.given("task.heap.size");
    this.managed = sizes.given("managed.size");
  }

  @Override
  MemoryDivision divide() {
    Optional<Misfit> contradiction =
        Stream.of("jvm-overhead", "network", "managed")
            .filter(kind -> !kind.equals("managed") || managed.isEmpty())
            .flatMap(kind -> sizes.contradiction(kind).stream())
            .findFirst();
    if (contradiction.isPresent()) {
      return result(contradiction);
    }
    if (taskHeap.isPresent() && managed.isPresent()) {
      return overheadLast();
    }
    long flink = takeJvm();
    framework();
    parts.add(managed(flink));
    return taskHeap.isPresent() ? networkLast() : heapLast(flink);
  }

  /** Task heap and managed memory are given: the JVM's overhead is the rest. */
  private MemoryDivision overheadLast() {
    framework();
    parts.add(new Part(TASK_HEAP, taskHeap.get(), sizes.option("task.heap.size"), ""));
    parts.add(managed(0));
    double fraction = sizes.fraction("network.fraction");
    long share = MemorySizes.times(taken(), fraction / (1 - fraction));
    long network = Math.max(sizes.size("network.min"), Math.min(sizes.size("network.max"), share));
    String why = sizes.percent("network.fraction") + " of Flink's memory, within its bounds";
    parts.add(new Part(NETWORK, network, sizes.option("network.fraction"), why));
    return result(overheadIsTheRest());
  }

  /** Only the task heap is given: the network buffers are the rest. */
  private MemoryDivision networkLast() {
    parts.add(new Part(TASK_HEAP, taskHeap.get(), sizes.option("task.heap.size"), ""));
    long rest = total - taken();
    Optional<Misfit> problem = tooSmall();
    parts.add(new Part(NETWORK, Math.max(0, rest), sizes.option("network.min"), "the rest"));
    return result(problem.or(() -> outside("network", rest, "the network buffers")));
  }

  private MemoryDivision heapLast(long flink) {
    parts.add(sizes.share(NETWORK, "network", flink, "Flink"));
    Optional<Misfit> problem = tooSmall();
    long rest = Math.max(0, total - taken());
    parts.add(new Part(TASK_HEAP, rest, sizes.option("task.heap.size"), "the rest"));
    return result(problem);
  }

  private void framework() {
    parts.add(sizes.part(FRAMEWORK_HEAP, "framework.heap.size"));
    parts.add(sizes.part(FRAMEWORK_OFF_HEAP, "framework.off-heap.size"));
    parts.add(sizes.part(TASK_OFF_HEAP, "task.off-heap.size"));
  }

  private Part managed(long flink) {
    return managed
        .map(size -> new Part(MANAGED, size, sizes.option("managed.size"), ""))
        .orElseGet(
            () ->
                new Part(
                    MANAGED,
                    MemorySizes.times(flink, sizes.fraction("managed.fraction")),
                    sizes.option("managed.fraction"),
                    sizes.percent("managed.fraction")
                        + " of Flink's "
                        + MemoryDivision.size(flink)));
  }
}
