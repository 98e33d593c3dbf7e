package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.api.StateBackend;
import io.flinkcluster.operator.flinkconf.SecretReference;
import io.flinkcluster.operator.flinkconf.SensitiveOptions;
import io.flinkcluster.operator.model.SpecJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** Rules for {@code spec.flinkConfiguration}. */
final class ConfigurationRules {

  static final String FIELD = "spec.flinkConfiguration.";
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9$][A-Za-z0-9._$-]{0,249}");
  private static final Pattern JAVA_HOME = Pattern.compile("/[A-Za-z0-9/._+-]*");

  /** A mebibyte less what the operator's own files take. */
  private static final int MOST_BYTES = 900_000;

  private static final Pattern UNSAFE = Pattern.compile("\\p{Cntrl}");

  private ConfigurationRules() {}

  static void check(FlinkClusterSpec spec, Findings findings) {
    Map<String, String> options = spec.flinkConfiguration();
    options.forEach((key, value) -> checkOption(key, value, spec, findings));
    OptionRules.check(spec, findings);
    checkSize(spec, findings);
  }

  static boolean isName(String key) {
    return KEY.matcher(key).matches();
  }

  /** The ConfigMap of a start holds these files and the whole spec beside them. */
  private static void checkSize(FlinkClusterSpec spec, Findings findings) {
    int size =
        bytes(SpecJson.write(spec))
            + bytes(spec.flinkConfiguration().toString())
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

  private static void checkOption(
      String key, String value, FlinkClusterSpec spec, Findings findings) {
    if (!isName(key)) {
      findings.refuse(
          FIELD + key.replaceAll("\\p{Cntrl}", "?"),
          null,
          "is no name of an option",
          "use letters, digits, dots, dashes and underscores");
      return;
    }
    boolean secret = SensitiveOptions.contains(key);
    if (SecretReference.begins(value)) {
      checkReference(key, value, spec, findings);
    } else if (secret && !value.isEmpty()) {
      findings.refuse(
          FIELD + key,
          null,
          "a secret must not stand in the spec, where everyone who may read it sees it",
          "write "
              + SecretReference.SPELLING
              + " to take it from a Secret of this namespace, or use the pod's identity");
    }
    checkValue(key, value, secret, findings);
    checkStateBackend(key, value, spec, findings);
  }

  private static void checkReference(
      String key, String value, FlinkClusterSpec spec, Findings findings) {
    FlinkVersion version = spec.flinkVersion() == null ? FlinkVersion.V2_3 : spec.flinkVersion();
    if (SecretReference.of(value).isEmpty()) {
      findings.refuse(
          FIELD + key,
          null,
          "is no reference to a value of a Secret",
          "write " + SecretReference.SPELLING + " and nothing else");
    } else if (OptionRules.meaning(spec, key).stream()
        .anyMatch(name -> !SensitiveOptions.masked(version, name))) {
      findings.refuse(
          FIELD + key,
          value,
          "Flink "
              + version.minor()
              + " shows the value of this option in its log and its UI, and it would be secret no"
              + " more",
          "use a file of spec.secretFiles, an environment variable from a Secret in the pod"
              + " template, or the pod's identity");
    }
  }

  private static void checkValue(String key, String value, boolean secret, Findings findings) {
    if (UNSAFE.matcher(value).find()) {
      findings.refuse(
          FIELD + key, null, "has a line break or control character", "write it in one line");
    }
    if (key.equals("env.java.home") && !JAVA_HOME.matcher(value).matches()) {
      findings.refuse(FIELD + key, value, "is no plain path", "write for instance /opt/java");
    }
    if (key.startsWith("env.java.") && !secret && !balanced(value)) {
      findings.refuse(
          FIELD + key, value, "has a quote that is not closed", "close it, or escape it with \\");
    }
  }

  private static void checkStateBackend(
      String key, String value, FlinkClusterSpec spec, Findings findings) {
    boolean rocks = spec.storage() != null && spec.storage().stateBackend() == StateBackend.RocksDB;
    if (rocks && OptionRules.meaning(spec, key).contains("state.backend.type")) {
      findings.refuse(
          FIELD + key, value, "storage.stateBackend says RocksDB", "remove one of the two");
    }
  }

  /** A shell reads these options; it would read on to the end of the script for a quote. */
  private static boolean balanced(String value) {
    char open = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && open != '\'') {
        i++;
      } else if (open == 0 && (c == '"' || c == '\'')) {
        open = c;
      } else if (c == open) {
        open = 0;
      }
    }
    return open == 0;
  }
}
