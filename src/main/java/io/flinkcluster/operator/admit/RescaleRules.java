package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.RescaleMode;
import io.flinkcluster.operator.flinkconf.AdaptiveScheduler;
import java.util.Set;

/** Rules for rescaling in place. */
final class RescaleRules {

  private static final String MODE = "spec.rescale.mode";

  private RescaleRules() {}

  static void check(FlinkClusterSpec spec, Findings findings) {
    RescaleMode mode = spec.rescale().mode();
    if (mode == RescaleMode.Savepoint) {
      return;
    }
    if (spec.job() == null) {
      findings.warn(
          MODE,
          mode,
          "has no effect on a session cluster, whose TaskManagers come and go while it runs",
          "remove it");
      return;
    }
    Set<String> owned = AdaptiveScheduler.options(OptionRules.version(spec)).keySet();
    spec.flinkConfiguration()
        .forEach(
            (key, value) -> {
              if (OptionRules.meaning(spec, key).stream().anyMatch(owned::contains)) {
                findings.refuse(
                    "spec.flinkConfiguration." + key,
                    value,
                    "belongs to the operator where spec.rescale.mode is " + mode,
                    "remove it, or set spec.rescale.mode: Savepoint");
              }
            });
    boolean batch =
        spec.flinkConfiguration().entrySet().stream()
            .anyMatch(
                e ->
                    OptionRules.meaning(spec, e.getKey()).contains("execution.runtime-mode")
                        && "batch".equalsIgnoreCase(String.valueOf(e.getValue()).strip()));
    if (batch) {
      findings.refuse(
          MODE,
          mode,
          "a batch job cannot be rescaled while it runs",
          "use Savepoint, or remove execution.runtime-mode");
    }
  }
}
