package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;

/**
 * Rules for Hadoop's configuration. Flink finds it by {@code HADOOP_CONF_DIR}, which is put on the
 * class path together with {@code HADOOP_CLASSPATH}; the classes themselves come with the image.
 */
final class HadoopRules {

  private static final String DIRECTORY = "HADOOP_CONF_DIR";
  private static final String OPTION = "env.hadoop.conf.dir";

  private HadoopRules() {}

  static void check(FlinkClusterSpec spec, Findings findings) {
    if (spec.hadoopConf() == null) {
      return;
    }
    if (spec.flinkConfiguration().containsKey(OPTION)) {
      refuse("spec.flinkConfiguration." + OPTION, spec.flinkConfiguration().get(OPTION), findings);
    }
    TemplateEnvironment.of(spec)
        .find(DIRECTORY)
        .ifPresent(variable -> refuse(variable.field(), null, findings));
  }

  private static void refuse(String field, String value, Findings findings) {
    findings.refuse(
        field,
        value,
        "spec.hadoopConf says where Hadoop's configuration is",
        "remove one of the two");
  }

  /** Whether the spec says where Hadoop's configuration is, in any of the ways. */
  static boolean told(FlinkClusterSpec spec, TemplateEnvironment environment) {
    return spec.hadoopConf() != null
        || environment.find(DIRECTORY).isPresent()
        || environment.find("HADOOP_HOME").isPresent()
        || spec.flinkConfiguration().containsKey(OPTION);
  }
}
