package io.flinkcluster.operator.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.model.FlinkPort;
import io.flinkcluster.operator.model.PortSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules for ports besides the seven of the spec, which share the network of a pod with them. */
final class PortRules {

  private static final int LEAST = 6000;
  private static final int MOST = 60000;
  private static final Pattern RANGE =
      Pattern.compile("\\s*([0-9]{1,5})(?:\\s*-\\s*([0-9]{1,5}))?\\s*");
  private static final List<String> OPTIONS =
      List.of("jmx.server.port", "queryable-state.proxy.ports", "queryable-state.server.ports");
  private static final Set<String> OF_JOB_MANAGER =
      Set.of("spec.ports.jobManagerRpc", "spec.ports.blob", "spec.ports.rest");
  private static final Set<String> OF_TASK_MANAGER =
      Set.of("spec.ports.taskManagerRpc", "spec.ports.taskManagerData");

  private final Findings findings;
  private final Map<String, Integer> taken;

  private PortRules(Map<String, Integer> taken, Findings findings) {
    this.taken = taken;
    this.findings = findings;
  }

  static void check(FlinkClusterSpec spec, PortSet ports, Findings findings) {
    var all = new LinkedHashMap<>(FlinkPort.byField(ports));
    all.put("the port of collect()", ports.collectSink());
    var options = new PortRules(all, findings);
    spec.flinkConfiguration()
        .forEach(
            (key, value) -> {
              if (OptionRules.meaning(spec, key).stream().anyMatch(OPTIONS::contains)) {
                options.checkOption(key, value);
              }
            });
    options.checkTemplate("spec.podTemplate", spec.podTemplate());
    var jobManager = new LinkedHashMap<>(all);
    jobManager.keySet().removeAll(OF_TASK_MANAGER);
    jobManager.remove("the port of collect()");
    new PortRules(jobManager, findings)
        .checkTemplate("spec.jobManager.podTemplate", spec.jobManager().podTemplate());
    var taskManager = new LinkedHashMap<>(all);
    taskManager.keySet().removeAll(OF_JOB_MANAGER);
    new PortRules(taskManager, findings)
        .checkTemplate("spec.taskManager.podTemplate", spec.taskManager().podTemplate());
  }

  private void checkOption(String key, String value) {
    var field = ConfigurationRules.FIELD + key;
    for (String part : value.split(",", -1)) {
      Matcher range = RANGE.matcher(part);
      if (!range.matches()) {
        findings.refuse(field, value, "is not a port", "write one from 6000 to 60000");
        return;
      }
      int from = Integer.parseInt(range.group(1));
      int to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
      if (from < LEAST || to > MOST || to < from) {
        findings.refuse(
            field, value, "has ports outside 6000 to 60000", "write one from 6000 to 60000");
        return;
      }
      taken.forEach(
          (name, port) -> {
            if (from <= port && port <= to) {
              findings.refuse(field, value, port + " is " + name, "choose another port");
            }
          });
    }
  }

  private void checkTemplate(String field, ObjectNode template) {
    if (template == null) {
      return;
    }
    var seen = new HashMap<String, String>();
    JsonNode containers = template.path("spec").path("containers");
    for (JsonNode container : containers) {
      String name = container.path("name").asText();
      for (JsonNode entry : container.path("ports")) {
        int port = entry.path("containerPort").asInt();
        String protocol = entry.path("protocol").asText("TCP");
        var at = field + ".spec.containers[" + name + "].ports[" + port + "]";
        String other = seen.putIfAbsent(port + protocol, name);
        if (other != null && !other.equals(name)) {
          findings.refuse(at, null, "is a port of container " + other, "choose another port");
        }
        if (protocol.equals("TCP") && !name.equals("flink")) {
          checkFree(at, port);
        }
      }
    }
  }

  private void checkFree(String at, int port) {
    taken.forEach(
        (name, number) -> {
          if (number == port) {
            findings.refuse(
                at, null, "is " + name + ", in the same pod", "choose another port, or that one");
          }
        });
  }
}
