package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import java.util.Map;

/**
 * Rules for the environment of the Flink container. The operator starts Flink itself, so that what
 * only the entry point and the scripts of Flink's image read (1.20 to 2.3) has no effect.
 */
final class EnvironmentRules {

  private static final String REMOVE = "remove it";
  private static final String OPTIONS = "use spec.flinkConfiguration";
  private static final String JVM_OPTIONS = OPTIONS + ".env.java.opts.";

  /** What the operator sets, with what to use instead. */
  private static final Map<String, String> OWN =
      Map.of(
          "POD_IP",
          REMOVE,
          "POD_NAME",
          REMOVE,
          "FLINK_HOME",
          REMOVE,
          "FLINK_LIB_DIR",
          REMOVE,
          "FLINK_CONF_DIR",
          OPTIONS + " for options and spec.logConfiguration for files of logging",
          "FLINK_ENV_JAVA_OPTS",
          JVM_OPTIONS + "all");

  /** What is read by the image and not by the operator, with what to use instead. */
  private static final Map<String, String> NOT_READ =
      Map.of(
          "FLINK_PROPERTIES",
          OPTIONS,
          "JOB_MANAGER_RPC_ADDRESS",
          "remove it; every start has an address of its own, see status.jobManager.address",
          "TASK_MANAGER_NUMBER_OF_TASK_SLOTS",
          "use spec.taskManager.taskSlots",
          "FLINK_ENV_JAVA_OPTS_JM",
          JVM_OPTIONS + "jobmanager",
          "FLINK_ENV_JAVA_OPTS_TM",
          JVM_OPTIONS + "taskmanager",
          "FLINK_ENV_JAVA_OPTS_CLI",
          "remove it; no command line of Flink runs in the pod");

  private EnvironmentRules() {}

  static void check(FlinkClusterSpec spec, Findings findings) {
    for (TemplateEnvironment.Variable variable : TemplateEnvironment.of(spec).variables()) {
      String name = variable.name();
      if (OWN.containsKey(name) || name.startsWith("FLINKCLUSTER_")) {
        findings.refuse(
            variable.field(), null, "belongs to the operator", OWN.getOrDefault(name, REMOVE));
      } else if (NOT_READ.containsKey(name)) {
        findings.warn(
            variable.field(),
            null,
            "has no effect: only the entry point of Flink's image reads it, and the operator"
                + " starts Flink without that",
            NOT_READ.get(name));
      }
    }
  }
}
