package io.flinkcluster.operator.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.model.Schemes;
import io.flinkcluster.operator.model.StorageDirs;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Rules for Hadoop's configuration. Flink finds it by {@code HADOOP_CONF_DIR}, which is put on the
 * class path together with {@code HADOOP_CLASSPATH}; the classes themselves come with the image.
 */
final class HadoopRules {

  private static final String DIRECTORY = "HADOOP_CONF_DIR";
  private static final String OPTION = "env.hadoop.conf.dir";
  private static final Set<String> SCHEMES = Set.of("hdfs", "viewfs", "webhdfs");

  private HadoopRules() {}

  static void check(FlinkClusterSpec spec, StorageDirs dirs, Findings findings) {
    Map<String, String> variables = variables(spec);
    if (spec.hadoopConf() == null) {
      checkStorage(spec, dirs, variables, findings);
      return;
    }
    if (spec.flinkConfiguration().containsKey(OPTION)) {
      findings.refuse(
          "spec.flinkConfiguration." + OPTION,
          spec.flinkConfiguration().get(OPTION),
          "spec.hadoopConf says where Hadoop's configuration is",
          "remove one of the two");
    }
    if (variables.containsKey(DIRECTORY)) {
      findings.refuse(
          variables.get(DIRECTORY),
          null,
          "spec.hadoopConf says where Hadoop's configuration is",
          "remove one of the two");
    }
  }

  private static void checkStorage(
      FlinkClusterSpec spec, StorageDirs dirs, Map<String, String> variables, Findings findings) {
    boolean told =
        variables.containsKey(DIRECTORY) || spec.flinkConfiguration().containsKey(OPTION);
    Stream.of(dirs.checkpoints(), dirs.savepoints())
        .flatMap(Optional::stream)
        .filter(uri -> SCHEMES.contains(Schemes.of(uri)) && !told)
        .findFirst()
        .ifPresent(
            uri ->
                findings.warn(
                    "spec.storage",
                    uri,
                    "needs Hadoop's configuration and classes, and unless the image brings both,"
                        + " Flink cannot reach it",
                    "set spec.hadoopConf, and HADOOP_CLASSPATH in the image or the pod template"));
  }

  /** Field by name of the variable, over all pod templates. */
  private static Map<String, String> variables(FlinkClusterSpec spec) {
    var variables = new HashMap<String, String>();
    collect("spec.podTemplate", spec.podTemplate(), variables);
    collect("spec.jobManager.podTemplate", spec.jobManager().podTemplate(), variables);
    collect("spec.taskManager.podTemplate", spec.taskManager().podTemplate(), variables);
    return variables;
  }

  private static void collect(String field, ObjectNode template, Map<String, String> variables) {
    if (template == null) {
      return;
    }
    for (JsonNode container : template.path("spec").path("containers")) {
      if (container.path("name").asText().equals("flink")) {
        for (JsonNode env : container.path("env")) {
          String name = env.path("name").asText();
          variables.put(name, field + ".spec.containers[flink].env[" + name + "]");
        }
      }
    }
  }
}
