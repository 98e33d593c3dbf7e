package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.api.Resources;
import io.flinkcluster.operator.flinkconf.FlinkOptions;
import io.flinkcluster.operator.flinkconf.MemoryDivider;
import io.flinkcluster.operator.flinkconf.MemoryDivision;
import io.flinkcluster.operator.flinkconf.OptionValues;
import io.flinkcluster.operator.model.Component;
import java.util.Map;
import java.util.Optional;

/** Whether Flink can divide the memory of its processes. */
final class MemoryRules {

  private static final long MEBIBYTE = 1L << 20;
  private static final long LITTLE_HEAP = 16 * MEBIBYTE;

  private MemoryRules() {}

  static void check(FlinkClusterSpec spec, Map<String, String> options, Findings findings) {
    check(
        Component.JOB_MANAGER,
        ResourceRules.JOB_MANAGER,
        spec.jobManager().resources(),
        ResourceRules.JOB_MANAGER_DEFAULT,
        spec.flinkVersion(),
        options,
        findings);
    check(
        Component.TASK_MANAGER,
        ResourceRules.TASK_MANAGER,
        spec.taskManager().resources(),
        ResourceRules.TASK_MANAGER_DEFAULT,
        spec.flinkVersion(),
        options,
        findings);
  }

  private static void check(
      Component component,
      String field,
      Resources resources,
      long otherwise,
      FlinkVersion version,
      Map<String, String> options,
      Findings findings) {
    long total = ResourceRules.memory(resources, otherwise);
    if (total < MEBIBYTE || !readable(component, options, version)) {
      // Said elsewhere, of the very value.
      return;
    }
    boolean requested =
        !resources.limits().containsKey("memory") && resources.requests().containsKey("memory");
    String at = field + (requested ? "requests.memory" : "limits.memory");
    var division = MemoryDivider.of(component, options, total);
    String size = MemoryDivision.size(total);
    if (division.misfit().isPresent()) {
      String parts = division.parts().isEmpty() ? "" : ": " + division.sum();
      findings.refuse(
          at,
          size,
          division.misfit().get().reason() + parts,
          remedy(component, options, division.misfit().get().cure()));
    } else if (component == Component.TASK_MANAGER && littleHeap(division)) {
      findings.warn(
          at,
          size,
          "leaves "
              + MemoryDivision.size(division.bytes("task heap"))
              + " of heap to the job's tasks: "
              + division.sum(),
          "raise it, or lower one of the parts by its option taskmanager.memory.*");
    }
  }

  private static boolean littleHeap(MemoryDivision division) {
    return division.bytes("task heap") < LITTLE_HEAP;
  }

  private static String remedy(
      Component component, Map<String, String> options, MemoryDivision.Cure cure) {
    String named = component.label() + ".memory.*";
    Optional<Long> least = MemoryDivider.leastMebibytes(component, options);
    if (cure == MemoryDivision.Cure.OPTIONS || least.isEmpty()) {
      return "correct the options " + named + "; no size fits them";
    }
    return cure == MemoryDivision.Cure.LESS
        ? "lower it to " + least.get() + "Mi or a little more, or raise the options " + named
        : "raise it to at least "
            + least.get()
            + "Mi, or lower one of the parts by its option "
            + named;
  }

  private static boolean readable(
      Component component, Map<String, String> options, FlinkVersion version) {
    if (version == null) {
      return false;
    }
    var known = FlinkOptions.of(version);
    return options.entrySet().stream()
        .filter(option -> option.getKey().startsWith(component.label() + ".memory."))
        .allMatch(
            option ->
                known
                    .find(option.getKey())
                    .flatMap(o -> OptionValues.remedy(version, o.type(), option.getValue()))
                    .isEmpty());
  }
}
