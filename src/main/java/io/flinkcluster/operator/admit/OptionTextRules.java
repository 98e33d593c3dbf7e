package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.flinkconf.FlinkOptions;
import io.flinkcluster.operator.flinkconf.SecretReference;
import io.flinkcluster.operator.flinkconf.SensitiveOptions;
import java.util.regex.Pattern;

/**
 * Rules for the text of an option, whatever it means.
 *
 * @param version of the cluster
 * @param field what the option's name is appended to
 */
record OptionTextRules(FlinkVersion version, String field, Findings findings) {

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9$][A-Za-z0-9._$-]{0,249}");
  private static final Pattern JAVA_HOME = Pattern.compile("/[A-Za-z0-9/._+-]*");
  private static final String HOME = "env.java.home";
  private static final Pattern UNSAFE = Pattern.compile("\\p{Cntrl}");

  static boolean isName(String key) {
    return KEY.matcher(key).matches();
  }

  void check(String key, String value) {
    if (!isName(key)) {
      findings.refuse(
          field + key.replaceAll("\\p{Cntrl}", "?"),
          null,
          "is not the name of an option",
          "use letters, digits, dots, dashes and underscores");
      return;
    }
    boolean secret = SensitiveOptions.contains(key);
    if (SecretReference.begins(value)) {
      checkReference(key, value);
    } else if (secret && !value.isEmpty()) {
      findings.refuse(
          field + key,
          null,
          "a secret must not stand in the spec, where everyone who may read it sees it",
          "write "
              + SecretReference.SPELLING
              + " to take it from a Secret of the cluster's namespace, or use the pod's identity");
    }
    checkValue(key, value, secret);
  }

  private void checkReference(String key, String value) {
    if (SecretReference.of(value).isEmpty()) {
      findings.refuse(
          field + key,
          null,
          "is not a reference to a value of a Secret",
          "write " + SecretReference.SPELLING + " and nothing else");
    } else if (FlinkOptions.of(version).canonical(key).stream()
        .anyMatch(name -> !SensitiveOptions.masked(version, name))) {
      findings.refuse(
          field + key,
          value,
          "Flink "
              + version.minor()
              + " shows the value of this option in its log and its UI, and it would be secret no"
              + " more",
          "use a file of spec.secretFiles, an environment variable from a Secret in the pod"
              + " template, or the pod's identity");
    }
  }

  private void checkValue(String key, String value, boolean secret) {
    if (UNSAFE.matcher(value).find()) {
      findings.refuse(
          field + key, null, "has a line break or control character", "write it in one line");
    }
    if (key.equals(HOME) && !JAVA_HOME.matcher(value).matches()) {
      findings.refuse(field + key, value, "is not a plain path", "write for instance /opt/java");
    }
    if (key.startsWith("env.java.") && !key.equals(HOME) && !secret) {
      ShellWords.problem(value)
          .ifPresent(reason -> findings.refuse(field + key, value, reason, ShellWords.REMEDY));
    }
  }
}
