package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.flinkconf.MemoryDivision.Cure;
import io.flinkcluster.operator.flinkconf.MemoryDivision.Misfit;
import io.flinkcluster.operator.flinkconf.MemoryDivision.Part;
import io.flinkcluster.operator.model.Component;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/**
 * The options that divide the memory of one process.
 *
 * @param component whose process it is
 * @param options by their own names, each readable
 */
record MemorySizes(Component component, Map<String, String> options) {

  /** Sizes in mebibytes that Flink 1.20 to 2.3 take where nothing is said. */
  private static final Map<String, Long> DEFAULTS =
      Map.of(
          "jvm-metaspace.size", 256L,
          "jvm-overhead.min", 192L,
          "jvm-overhead.max", 1024L,
          "framework.heap.size", 128L,
          "framework.off-heap.size", 128L,
          "task.off-heap.size", 0L,
          "off-heap.size", 128L,
          "network.min", 64L);

  private static final Map<String, Float> FRACTIONS =
      Map.of("jvm-overhead.fraction", 0.1f, "managed.fraction", 0.4f, "network.fraction", 0.1f);

  /** The full name of an option. */
  String option(String name) {
    return component.label() + ".memory." + name;
  }

  Optional<Long> given(String name) {
    return Optional.ofNullable(options.get(option(name))).flatMap(OptionValues::bytes);
  }

  long size(String name) {
    return given(name)
        .orElseGet(() -> name.equals("network.max") ? Long.MAX_VALUE : DEFAULTS.get(name) << 20);
  }

  Part part(String name, String option) {
    return new Part(name, size(option), option(option), "");
  }

  double fraction(String name) {
    String given = options.get(option(name));
    return given == null ? FRACTIONS.get(name) : Float.parseFloat(given);
  }

  /** A share of a size, between a least and a most. */
  Part share(String name, String kind, long whole, String ofWhat) {
    long least = size(kind + ".min");
    long most = size(kind + ".max");
    long share = times(whole, fraction(kind + ".fraction"));
    String why = percent(kind + ".fraction") + " of " + ofWhat + "'s " + MemoryDivision.size(whole);
    if (share < least) {
      why += ", at least " + MemoryDivision.size(least);
    } else if (share > most) {
      why += ", at most " + MemoryDivision.size(most);
    }
    return new Part(name, Math.max(least, Math.min(most, share)), option(kind + ".fraction"), why);
  }

  /** What is wrong with a fraction and its bounds; empty where nothing is. */
  Optional<Misfit> contradiction(String kind) {
    double fraction = fraction(kind + ".fraction");
    if (!(fraction >= 0 && fraction < 1)) {
      return misfit(option(kind + ".fraction") + " is not between 0 and 1, without 1");
    }
    if (!kind.equals("managed") && size(kind + ".min") > size(kind + ".max")) {
      return misfit(option(kind + ".min") + " is above " + option(kind + ".max"));
    }
    return Optional.empty();
  }

  private static Optional<Misfit> misfit(String reason) {
    return Optional.of(new Misfit(Cure.OPTIONS, reason));
  }

  String percent(String name) {
    return Math.round(fraction(name) * 100) + " %";
  }

  /** As {@code MemorySize.multiply} does it. */
  static long times(long bytes, double factor) {
    return BigDecimal.valueOf(bytes).multiply(BigDecimal.valueOf(factor)).longValue();
  }
}
