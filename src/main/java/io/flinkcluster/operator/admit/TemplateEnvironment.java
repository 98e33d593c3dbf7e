package io.flinkcluster.operator.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The environment variables that pod templates give the Flink container by {@code env}. Those of an
 * {@code envFrom} stand in an object that nobody reads before a pod exists.
 *
 * @param variables in the order of the templates: common, JobManager, TaskManager
 */
record TemplateEnvironment(List<Variable> variables) {

  /**
   * One variable.
   *
   * @param field where it stands
   * @param value as written; empty where it comes from elsewhere, or is empty
   */
  record Variable(String name, String field, String value) {}

  static TemplateEnvironment of(FlinkClusterSpec spec) {
    var variables = new ArrayList<Variable>();
    collect("spec.podTemplate", spec.podTemplate(), variables);
    collect("spec.jobManager.podTemplate", spec.jobManager().podTemplate(), variables);
    collect("spec.taskManager.podTemplate", spec.taskManager().podTemplate(), variables);
    return new TemplateEnvironment(List.copyOf(variables));
  }

  /** The first variable of this name. */
  Optional<Variable> find(String name) {
    return variables.stream().filter(v -> v.name().equals(name)).findFirst();
  }

  private static void collect(String field, ObjectNode template, List<Variable> variables) {
    if (template == null) {
      return;
    }
    for (JsonNode container : template.path("spec").path("containers")) {
      if (container.path("name").asText().equals("flink")) {
        for (JsonNode env : container.path("env")) {
          String name = env.path("name").asText();
          variables.add(
              new Variable(
                  name,
                  field + ".spec.containers[flink].env[" + name + "]",
                  env.path("value").asText("")));
        }
      }
    }
  }
}
