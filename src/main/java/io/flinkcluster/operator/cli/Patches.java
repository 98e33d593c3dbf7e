package io.flinkcluster.operator.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Merge patches of a FlinkCluster, as JSON. */
final class Patches {

  private Patches() {}

  static String annotation(String key, String value) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putObject("metadata").putObject("annotations").put(key, value);
    return root.toString();
  }

  static String suspend(boolean suspend) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putObject("spec").put("suspend", suspend);
    return root.toString();
  }

  /** Null leaves a number as it is. */
  static String size(Integer taskManagers, Integer parallelism) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode spec = root.putObject("spec");
    if (taskManagers != null) {
      spec.putObject("taskManager").put("replicas", taskManagers);
    }
    if (parallelism != null) {
      spec.putObject("job").put("parallelism", parallelism);
    }
    return root.toString();
  }
}
