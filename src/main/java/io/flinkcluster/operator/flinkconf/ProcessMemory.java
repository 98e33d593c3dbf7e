package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.flinkconf.MemoryDivision.Cure;
import io.flinkcluster.operator.flinkconf.MemoryDivision.Misfit;
import io.flinkcluster.operator.flinkconf.MemoryDivision.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the memory of both kinds of process has in common: metaspace and the JVM's overhead. */
abstract class ProcessMemory {

  static final String METASPACE = "JVM metaspace";
  static final String OVERHEAD = "JVM overhead";

  final MemorySizes sizes;
  final long total;
  final List<Part> parts = new ArrayList<>();

  ProcessMemory(MemorySizes sizes, long total) {
    this.sizes = sizes;
    this.total = total;
  }

  abstract MemoryDivision divide();

  final MemoryDivision result(Optional<Misfit> misfit) {
    return new MemoryDivision(total, parts, misfit);
  }

  /** Takes off metaspace and overhead; what is left is Flink's, never less than nothing. */
  final long takeJvm() {
    parts.add(sizes.part(METASPACE, "jvm-metaspace.size"));
    parts.add(sizes.share(OVERHEAD, "jvm-overhead", total, "the process"));
    return Math.max(0, total - taken());
  }

  /** The parts are given, and the JVM's overhead is what is left of the process. */
  final Optional<Misfit> overheadIsTheRest() {
    parts.add(sizes.part(METASPACE, "jvm-metaspace.size"));
    long rest = total - taken();
    parts.add(new Part(OVERHEAD, Math.max(0, rest), sizes.option("jvm-overhead.min"), "the rest"));
    return outside("jvm-overhead", rest, "the JVM overhead");
  }

  final Optional<Misfit> outside(String kind, long bytes, String what) {
    long least = sizes.size(kind + ".min");
    long most = sizes.size(kind + ".max");
    if (bytes < least) {
      return misfit(
          Cure.MORE,
          "leaves "
              + MemoryDivision.size(Math.max(0, bytes))
              + " for "
              + what
              + ", which needs "
              + MemoryDivision.size(least)
              + " ("
              + sizes.option(kind + ".min")
              + ")");
    }
    return bytes <= most
        ? Optional.empty()
        : misfit(
            Cure.LESS,
            "leaves "
                + MemoryDivision.size(bytes)
                + " for "
                + what
                + ", which may have at most "
                + MemoryDivision.size(most)
                + " ("
                + sizes.option(kind + ".max")
                + ")");
  }

  static Optional<Misfit> misfit(Cure cure, String reason) {
    return Optional.of(new Misfit(cure, reason));
  }

  final long taken() {
    return parts.stream().mapToLong(Part::bytes).reduce(0, ProcessMemory::sum);
  }

  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  final Optional<Misfit> tooSmall() {
    return taken() <= total
        ? Optional.empty()
        : misfit(
            Cure.MORE,
            "is too small: the parts need " + MemoryDivision.size(taken()) + " before the heap");
  }
}
