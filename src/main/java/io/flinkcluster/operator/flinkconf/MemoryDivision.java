package io.flinkcluster.operator.flinkconf;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How Flink divides the memory of one process. The sums are those of {@code
 * TaskExecutorProcessUtils} and {@code JobManagerProcessUtils} (1.20 to 2.3), with which a test
 * compares them; the classes themselves would bring 12 MB of jars into the operator, and the rules
 * of one version only.
 *
 * @param total bytes of the whole process
 * @param parts in the order in which Flink takes them off
 * @param misfit why the parts do not fit; empty where they do
 */
public record MemoryDivision(long total, List<Part> parts, Optional<Misfit> misfit) {

  private static final long MEBIBYTE = 1L << 20;

  /** What would make the parts fit. */
  public enum Cure {
    /** A larger process. */
    MORE,
    /** A smaller process. */
    LESS,
    /** Other options: no size fits them. */
    OPTIONS
  }

  /**
   * Why the parts do not fit.
   *
   * @param cure what would help
   * @param reason for people
   */
  public record Misfit(Cure cure, String reason) {}

  /**
   * One part.
   *
   * @param name for people
   * @param bytes its size
   * @param option what sets it
   * @param why how its size came about; empty where an option says it
   */
  public record Part(String name, long bytes, String option, String why) {

    @Override
    public String toString() {
      return size(bytes) + " " + name + (why.isEmpty() ? "" : " (" + why + ")");
    }
  }

  /** Copies the list. */
  public MemoryDivision {
    parts = List.copyOf(parts);
  }

  /** The size of a part by its name; 0 where there is no such part. */
  public long bytes(String name) {
    return parts.stream().filter(p -> p.name().equals(name)).mapToLong(Part::bytes).sum();
  }

  /** All parts as a sum. */
  public String sum() {
    return parts.stream()
        .filter(part -> part.bytes() > 0)
        .map(Part::toString)
        .collect(Collectors.joining(" + "));
  }

  /** A size for people, in mebibytes. */
  public static String size(long bytes) {
    long whole = Math.round((double) bytes / MEBIBYTE);
    boolean exact = Math.abs(bytes - whole * MEBIBYTE) < MEBIBYTE / 20;
    return exact ? whole + "Mi" : String.format(Locale.ROOT, "%.1fMi", (double) bytes / MEBIBYTE);
  }
}
