package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.model.Component;
import java.util.Map;
import java.util.Optional;

/** Divides the memory of a process as Flink does, and finds the least that can be divided. */
public final class MemoryDivider {
  private static final long MEBIBYTE = 1L << 20;
  private static final long LARGEST_MEBIBYTES = 1L << 22;

  private MemoryDivider() {}

  /**
   * Divides the memory of a process.
   *
   * @param options of Flink by the names that the version itself uses, each readable; {@code
   *     *.memory.process.size} and {@code *.memory.flink.size} are ignored
   * @param total bytes of the whole process
   */
  public static MemoryDivision of(Component component, Map<String, String> options, long total) {
    var sizes = new MemorySizes(component, options);
    return component == Component.JOB_MANAGER
        ? new JobManagerMemory(sizes, total).divide()
        : new TaskManagerMemory(sizes, total).divide();
  }

  /**
   * The least whole number of mebibytes that can be divided.
   *
   * @return empty where the options contradict one another at every size
   */
  public static Optional<Long> leastMebibytes(Component component, Map<String, String> options) {
    long low = 0;
    long high = 1;
    while (tooSmall(component, options, high)) {
      low = high;
      high *= 2;
      if (high > LARGEST_MEBIBYTES) {
        return Optional.empty();
      }
    }
    while (high - low > 1) {
      long middle = (low + high) / 2;
      if (tooSmall(component, options, middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return of(component, options, high * MEBIBYTE).misfit().isEmpty()
        ? Optional.of(high)
        : Optional.empty();
  }

  private static boolean tooSmall(
      Component component, Map<String, String> options, long mebibytes) {
    return of(component, options, mebibytes * MEBIBYTE)
        .misfit()
        .filter(misfit -> misfit.cure() == MemoryDivision.Cure.MORE)
        .isPresent();
  }
}
