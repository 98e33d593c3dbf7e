package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.StateBackend;
import io.flinkcluster.operator.model.SpecJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Rules for {@code spec.flinkConfiguration}. */
final class ConfigurationRules {

  static final String FIELD = "spec.flinkConfiguration.";

  /** A mebibyte less what the operator's own files take. */
  private static final int MOST_BYTES = 900_000;

  private ConfigurationRules() {}

  static void check(FlinkClusterSpec spec, Findings findings) {
    Map<String, String> options = spec.flinkConfiguration();
    var texts = new OptionTextRules(OptionRules.version(spec), FIELD, findings);
    options.forEach(texts::check);
    new OptionRules(OptionRules.version(spec), spec.job() != null, FIELD, findings).check(options);
    options.forEach((key, value) -> checkStateBackend(key, value, spec, findings));
    checkSize(spec, findings);
  }

  /** The ConfigMap of a start holds these files and the whole spec beside them. */
  private static void checkSize(FlinkClusterSpec spec, Findings findings) {
    int size =
        bytes(SpecJson.write(spec))
            + 2 * bytes(spec.flinkConfiguration().toString())
            + bytes(spec.logConfiguration().toString());
    if (size > MOST_BYTES) {
      findings.refuse(
          "spec",
          null,
          "takes " + size + " bytes as files of a ConfigMap, which holds " + MOST_BYTES,
          "shorten job.args, flinkConfiguration, logConfiguration or the pod templates");
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void checkStateBackend(
      String key, String value, FlinkClusterSpec spec, Findings findings) {
    boolean rocks = spec.storage() != null && spec.storage().stateBackend() == StateBackend.RocksDB;
    if (rocks && OptionRules.meaning(spec, key).contains("state.backend.type")) {
      findings.refuse(
          FIELD + key, value, "storage.stateBackend says RocksDB", "remove one of the two");
    }
  }
}
