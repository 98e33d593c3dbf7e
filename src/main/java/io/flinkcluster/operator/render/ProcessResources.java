package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.flinkcluster.operator.api.Resources;
import io.flinkcluster.operator.model.CanonicalQuantity;
import java.util.Map;
import java.util.TreeMap;

/** Requests and limits of the Flink container. */
final class ProcessResources {

  private static final String MEMORY = "memory";
  private static final String CPU = "cpu";

  /**
   * Small, so that a pod finds a place. There is no limit unless the user gives one: throttled to a
   * small share a JobManager takes a minute to start.
   */
  private static final Quantity LEAST_CPU = new Quantity("100m");

  private ProcessResources() {}

  /**
   * The user's resources; memory is always requested and limited.
   *
   * @param memory bytes of the whole process
   */
  static ResourceRequirements of(Resources given, long memory) {
    var requests = new TreeMap<>(given.requests());
    var limits = new TreeMap<>(given.limits());
    Quantity process = new Quantity(CanonicalQuantity.of(kibibytes(memory)));
    limits.putIfAbsent(MEMORY, process);
    requests.putIfAbsent(MEMORY, limits.get(MEMORY));
    if (!requests.containsKey(CPU) && !limits.containsKey(CPU)) {
      requests.put(CPU, LEAST_CPU);
    }
    return new ResourceRequirementsBuilder()
        .withRequests(plain(requests))
        .withLimits(plain(limits))
        .build();
  }

  private static String kibibytes(long bytes) {
    return bytes % 1024 == 0 ? bytes / 1024 + "Ki" : Long.toString(bytes);
  }

  /** Amount and format in one text: equal quantities are then equal objects. */
  private static Map<String, Quantity> plain(Map<String, Quantity> quantities) {
    var plain = new TreeMap<String, Quantity>();
    quantities.forEach(
        (name, quantity) ->
            plain.put(name, new Quantity(CanonicalQuantity.of(quantity.toString()))));
    return plain;
  }
}
