package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.flinkconf.MemoryDivision.Cure;
import io.flinkcluster.operator.flinkconf.MemoryDivision.Misfit;
import io.flinkcluster.operator.flinkconf.MemoryDivision.Part;
import java.util.Optional;

/** Divides the memory of a JobManager. */
final class JobManagerMemory extends ProcessMemory {

  static final String HEAP = "heap";
  static final String OFF_HEAP = "off-heap";

  /** Below it Flink only warns; such a JobManager runs out of memory with its first job. */
  private static final long LEAST_HEAP = 128L << 20;

  JobManagerMemory(MemorySizes sizes, long total) {
    super(sizes, total);
  }

  @Override
  MemoryDivision divide() {
    Optional<Misfit> contradiction = sizes.contradiction("jvm-overhead");
    if (contradiction.isPresent()) {
      return result(contradiction);
    }
    Optional<Long> heap = sizes.given("heap.size");
    if (heap.isPresent()) {
      parts.add(new Part(HEAP, heap.get(), sizes.option("heap.size"), ""));
      parts.add(sizes.part(OFF_HEAP, "off-heap.size"));
      return result(overheadIsTheRest());
    }
    takeJvm();
    parts.add(sizes.part(OFF_HEAP, "off-heap.size"));
    Optional<Misfit> problem = tooSmall();
    long rest = Math.max(0, total - taken());
    if (problem.isEmpty() && rest < LEAST_HEAP) {
      problem =
          misfit(
              Cure.MORE,
              "is too small: the parts leave "
                  + MemoryDivision.size(rest)
                  + " of heap, and a JobManager needs "
                  + MemoryDivision.size(LEAST_HEAP));
    }
    parts.add(new Part(HEAP, rest, sizes.option("heap.size"), "the rest"));
    return result(problem);
  }
}
