package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.flinkcluster.operator.api.S3Plugin;
import io.flinkcluster.operator.flinkconf.FlinkConfig;
import io.flinkcluster.operator.flinkconf.MemoryArguments;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.model.Schemes;
import io.flinkcluster.operator.model.SnapshotSearchDirectories;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Environment of the Flink container. */
final class Environment {

  /** Options that Flink's scripts turn into variables; start.sh takes the variables. */
  private static final Map<String, String> OF_OPTION =
      Map.of(
          "env.java.home", "JAVA_HOME",
          "env.log.dir", "FLINK_LOG_DIR",
          "env.log.level", "ROOT_LOG_LEVEL",
          "env.log.max", "MAX_LOG_FILE_NUMBER",
          "env.hadoop.conf.dir", "HADOOP_CONF_DIR",
          "env.yarn.conf.dir", "YARN_CONF_DIR",
          "env.hbase.conf.dir", "HBASE_CONF_DIR",
          "env.stdout-err.redirect-to-file", "STD_REDIRECT_TO_FILE");

  private Environment() {}

  static List<EnvVar> of(
      CheckedCluster cluster, Launch launch, FlinkConfig config, Component component) {
    var values = new TreeMap<String, String>();
    OF_OPTION.forEach(
        (option, name) -> config.get(option).ifPresent(value -> values.put(name, value)));
    values.put("FLINK_CONF_DIR", FlinkPod.CONF_DIR);
    values.put("FLINK_ENV_JAVA_OPTS", javaOptions(config, component));
    var memory = MemoryArguments.of(config, component);
    values.put("FLINKCLUSTER_JVM_MEMORY", memory.jvmOptions());
    values.put("FLINKCLUSTER_MEMORY", memory.arguments());
    if (!config.secrets().isEmpty()) {
      values.put("FLINKCLUSTER_OPTIONS_DIR", SecretOptions.DIR);
      values.put("FLINKCLUSTER_CONF_DIR", SecretOptions.CONF_DIR);
    }
    if (component == Component.JOB_MANAGER) {
      values.putAll(ofStart(cluster, launch));
    }
    if (cluster.spec().hadoopConf() != null) {
      values.put("HADOOP_CONF_DIR", cluster.spec().hadoopConf().mountPath());
    }
    if (cluster.dirs().onS3() && cluster.spec().storage().s3Plugin() != S3Plugin.None) {
      String plugin = cluster.spec().storage().s3Plugin().name().toLowerCase(Locale.ROOT);
      values.put("FLINKCLUSTER_S3_PLUGIN", "flink-s3-fs-" + plugin);
    }
    var env = new ArrayList<EnvVar>();
    env.add(ofField("POD_IP", "status.podIP"));
    env.add(ofField("POD_NAME", "metadata.name"));
    if (component == Component.JOB_MANAGER && launch.prepared()) {
      env.addAll(Prepared.environment());
    }
    values.forEach((name, value) -> env.add(new EnvVar(name, Escapes.literal(value), null)));
    return env;
  }

  /** What the start script needs so that a job goes on from its newest state, and runs once. */
  private static Map<String, String> ofStart(CheckedCluster cluster, Launch launch) {
    var values = new TreeMap<String, String>();
    List<String> searched = SnapshotSearchDirectories.of(cluster, launch);
    if (!searched.isEmpty()) {
      values.put(
          "FLINKCLUSTER_SNAPSHOT_DIRECTORIES",
          searched.stream()
              .map(SnapshotSearchDirectories::inPod)
              .collect(Collectors.joining("\n")));
    }
    if (searched.stream().anyMatch(Schemes::isS3)) {
      values.put("FLINKCLUSTER_SNAPSHOTS_FILE", FetchContainer.snapshots(cluster));
    }
    if (cluster.startsOnce()) {
      values.put("FLINKCLUSTER_START_MARK_DIR", FlinkPod.START_MARK_DIR);
      SnapshotSearchDirectories.own(cluster, launch)
          .filter(Schemes::searchable)
          .map(SnapshotSearchDirectories::inPod)
          .ifPresent(directory -> values.put("FLINKCLUSTER_OWN_DIRECTORY", directory));
    }
    return values;
  }

  /** In the order in which Flink's scripts join them: defaults first, so that a user's win. */
  private static String javaOptions(FlinkConfig config, Component component) {
    String of = component.label();
    return Stream.concat(
            Stream.of("-XX:+IgnoreUnrecognizedVMOptions"),
            Stream.of(
                    "env.java.default-opts.all",
                    config.get("env.java.opts.all").isPresent()
                        ? "env.java.opts.all"
                        : "env.java.opts",
                    "env.java.default-opts." + of,
                    "env.java.opts." + of)
                .flatMap(option -> config.get(option).stream()))
        .filter(options -> !options.isBlank())
        .collect(Collectors.joining(" "));
  }

  private static EnvVar ofField(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef("v1", path)
        .endValueFrom()
        .build();
  }
}
