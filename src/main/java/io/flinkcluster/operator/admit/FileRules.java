package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.SecretFile;
import io.flinkcluster.operator.flinkconf.FlinkDurations;
import io.flinkcluster.operator.model.ClusterNames;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules for mounted files, logging files, the Ingress, and the deadline of a change. */
final class FileRules {

  private static final Pattern MODE = Pattern.compile("0?[0-7]00");
  private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
  private static final Set<String> TAKEN =
      Set.of(
          "alive.sh",
          "config.yaml",
          "fence.sh",
          "flink-conf.yaml",
          "jobmanager.classes",
          "launcher",
          "Launcher.class",
          "newest-snapshot.sh",
          "released.sh",
          "RpcSystemLoader",
          "start.sh",
          "WarmRpc.class",
          ClusterNames.SPEC_FILE,
          ClusterNames.DEFAULTS_FILE,
          ClusterNames.EFFECTIVE_FILE);

  private FileRules() {}

  static void check(FlinkClusterSpec spec, Findings findings) {
    var paths = new HashMap<String, String>();
    if (spec.hadoopConf() != null) {
      var field = "spec.hadoopConf.";
      required(field + "configMapName", spec.hadoopConf().configMapName(), findings);
      checkPath(field + "mountPath", spec.hadoopConf().mountPath(), paths, findings);
    }
    for (int i = 0; i < spec.secretFiles().size(); i++) {
      checkSecretFile("spec.secretFiles[" + i + "].", spec.secretFiles().get(i), paths, findings);
    }
    spec.logConfiguration().keySet().forEach(name -> checkLogFile(name, findings));
    if (FlinkDurations.millis(spec.changeTimeout()).filter(millis -> millis > 0).isEmpty()) {
      findings.refuse(
          "spec.changeTimeout",
          spec.changeTimeout(),
          "is not a duration",
          "write for instance 10m");
    }
  }

  private static void checkSecretFile(
      String field, SecretFile file, Map<String, String> paths, Findings findings) {
    required(field + "secretName", file.secretName(), findings);
    checkPath(field + "mountPath", file.mountPath(), paths, findings);
    if (!MODE.matcher(file.mode()).matches() || !"4567".contains("" + ownerBits(file.mode()))) {
      findings.refuse(
          field + "mode",
          file.mode(),
          "a key file must be readable by its owner and by nobody else",
          "use 0400");
    }
  }

  private static char ownerBits(String mode) {
    return mode.length() < 3 ? '0' : mode.charAt(mode.length() - 3);
  }

  private static void checkPath(
      String field, String path, Map<String, String> paths, Findings findings) {
    if (path == null || !path.matches("/[^:\\p{Cntrl}]+") || path.matches(".*(^|/)\\.\\.(/|$).*")) {
      findings.refuse(field, path, "is not an absolute path", "write for instance /etc/keys");
      return;
    }
    MountPaths.reserved(path)
        .ifPresent(
            hidden -> findings.refuse(field, path, "would hide " + hidden, "choose another path"));
    String normal = MountPaths.normal(path);
    String same = paths.get(normal);
    if (same != null) {
      findings.refuse(field, path, "is the same as " + same, "choose another path");
      return;
    }
    paths.forEach(
        (other, name) -> {
          if (Mounts.covers(other, normal) || Mounts.covers(normal, other)) {
            findings.refuse(
                field,
                path,
                "lies in the path of " + name + " or around it",
                "choose another path");
          }
        });
    paths.put(normal, field);
  }

  private static void checkLogFile(String name, Findings findings) {
    if (!FILE_NAME.matcher(name).matches() || TAKEN.contains(name)) {
      findings.refuse(
          "spec.logConfiguration." + name.replaceAll("\\p{Cntrl}", "?"),
          null,
          "is not the name of a logging file",
          "use log4j-console.properties or logback-console.xml");
    }
  }

  private static void required(String field, String value, Findings findings) {
    if (value == null || value.isBlank()) {
      findings.refuse(field, null, "is missing", "set it");
    }
  }
}
