package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.Ports;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Rules for names, image, and ports. */
final class IdentityRules {

  private static final Pattern LABEL = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

  private IdentityRules() {}

  static void check(String name, FlinkClusterSpec spec, Findings findings) {
    if (name.length() > 45 || !LABEL.matcher(name).matches()) {
      findings.refuse(
          "metadata.name",
          name,
          "names of Services and pods are built from it",
          "use a DNS label that starts with a letter and has at most 45 characters");
    }
    if (spec.flinkVersion() == null) {
      findings.refuse("spec.flinkVersion", null, "is missing", "write 1.20, 2.0, 2.1, 2.2 or 2.3");
    }
    if (spec.image() == null || spec.image().isBlank() || spec.image().matches(".*\\s.*")) {
      findings.refuse("spec.image", spec.image(), "is not an image", "name the Flink image");
    }
    if (!ACCOUNT.matcher(spec.serviceAccountName()).matches()) {
      findings.refuse(
          "spec.serviceAccountName",
          spec.serviceAccountName(),
          "is not the name of a ServiceAccount",
          "name an existing ServiceAccount");
    }
    checkPorts(spec.ports(), findings);
  }

  private static void checkPorts(Ports ports, Findings findings) {
    var byPort = new LinkedHashMap<Integer, String>();
    byField(ports)
        .forEach(
            (field, port) -> {
              if (port < 6000 || port > 60000) {
                findings.refuse(
                    field, port, "is outside 6000 to 60000", "choose a port in that range");
              }
              String other = byPort.putIfAbsent(port, field);
              if (other != null) {
                findings.refuse(field, port, "is the same as " + other, "choose another port");
              }
            });
  }

  private static Map<String, Integer> byField(Ports ports) {
    var fields = new LinkedHashMap<String, Integer>();
    fields.put("spec.ports.jobManagerRpc", ports.jobManagerRpc());
    fields.put("spec.ports.blob", ports.blob());
    fields.put("spec.ports.rest", ports.rest());
    fields.put("spec.ports.taskManagerRpc", ports.taskManagerRpc());
    fields.put("spec.ports.taskManagerData", ports.taskManagerData());
    fields.put("spec.ports.queryService", ports.queryService());
    fields.put("spec.ports.metrics", ports.metrics());
    return fields;
  }
}
