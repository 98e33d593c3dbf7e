package io.flinkcluster.operator.admit;

import io.fabric8.kubernetes.api.model.Quantity;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.Resources;
import io.flinkcluster.operator.model.CanonicalQuantity;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/** Rules for replicas, slots, cpu and memory. */
final class ResourceRules {

  /** Flink's own defaults, as the images have them. */
  static final long JOB_MANAGER_DEFAULT = 1600L << 20;

  static final long TASK_MANAGER_DEFAULT = 1728L << 20;

  static final String JOB_MANAGER = "spec.jobManager.resources.";
  static final String TASK_MANAGER = "spec.taskManager.resources.";

  private static final String MEMORY = "memory";
  private static final String CPU = "cpu";
  private static final BigDecimal LITTLE_CPU = new BigDecimal("0.5");

  private ResourceRules() {}

  static void check(FlinkClusterSpec spec, Findings findings) {
    if (spec.jobManager().replicas() < 1) {
      findings.refuse(
          "spec.jobManager.replicas",
          spec.jobManager().replicas(),
          "a cluster needs a JobManager",
          "set it to 1; to stop the job and keep its state set suspend: true");
    }
    atLeast("spec.taskManager.replicas", spec.taskManager().replicas(), 0, findings);
    atLeast("spec.taskManager.taskSlots", spec.taskManager().taskSlots(), 1, findings);
    check(JOB_MANAGER, spec.jobManager().resources(), findings);
    check(TASK_MANAGER, spec.taskManager().resources(), findings);
  }

  /** Bytes of the whole process: the limit, else the request, else Flink's default. */
  static long memory(Resources resources, long otherwise) {
    return bytes(resources.limits())
        .or(() -> bytes(resources.requests()))
        .map(BigDecimal::longValue)
        .orElse(otherwise);
  }

  private static void atLeast(String field, int value, int least, Findings findings) {
    if (value < least) {
      findings.refuse(field, value, "is below " + least, "set it to " + least + " or more");
    }
  }

  private static void check(String field, Resources resources, Findings findings) {
    checkQuantities(field + "requests.", resources.requests(), findings);
    checkQuantities(field + "limits.", resources.limits(), findings);
    resources.limits().forEach((name, limit) -> checkOrder(field, name, resources, findings));
    value(resources.limits(), CPU)
        .filter(cpu -> cpu.signum() > 0 && cpu.compareTo(LITTLE_CPU) < 0)
        .ifPresent(
            cpu ->
                findings.warn(
                    field + "limits.cpu",
                    resources.limits().get(CPU),
                    "a process of Flink that is held to so little takes a minute to start",
                    "leave the limit out and say requests.cpu, or write 1 or more"));
  }

  private static void checkQuantities(
      String field, Map<String, Quantity> quantities, Findings findings) {
    quantities.forEach(
        (name, quantity) -> {
          String text = quantity.toString();
          Optional<BigDecimal> value = CanonicalQuantity.value(text);
          if (value.isEmpty()) {
            findings.refuse(
                field + name,
                text,
                "is not a quantity",
                "write for instance 2Gi of memory, 500m cpu");
          } else if (value.get().signum() <= 0) {
            findings.refuse(field + name, text, "must be above 0", "raise it or leave it out");
          } else if (name.equals(MEMORY)) {
            checkMemory(field + name, text, value.get(), findings);
          }
        });
  }

  private static void checkMemory(String field, String text, BigDecimal bytes, Findings findings) {
    if (text.endsWith("m")) {
      findings.refuse(
          field,
          text,
          "the suffix m means thousandths of a byte",
          "write " + text.substring(0, text.length() - 1) + "Mi for mebibytes");
    } else if (bytes.compareTo(BigDecimal.valueOf(1L << 20)) < 0) {
      findings.refuse(field, text, "is less than a mebibyte", "write for instance 2Gi");
    }
  }

  private static void checkOrder(
      String field, String name, Resources resources, Findings findings) {
    var limit = value(resources.limits(), name);
    var request = value(resources.requests(), name);
    if (limit.isPresent() && request.isPresent() && request.get().compareTo(limit.get()) > 0) {
      findings.refuse(
          field + "requests." + name,
          resources.requests().get(name),
          "exceeds the limit " + resources.limits().get(name),
          "lower the request or raise the limit");
    }
  }

  private static Optional<BigDecimal> bytes(Map<String, Quantity> quantities) {
    return value(quantities, MEMORY);
  }

  private static Optional<BigDecimal> value(Map<String, Quantity> quantities, String name) {
    return Optional.ofNullable(quantities.get(name))
        .flatMap(quantity -> CanonicalQuantity.value(quantity.toString()));
  }
}
