package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.model.Schemes;
import io.flinkcluster.operator.model.StorageDirs;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which file system of Flink serves a directory. An image may bring any, so that what cannot be
 * seen from here is a warning. The plugins for S3 are a field of their own.
 */
final class FileSystemRules {

  private static final Set<String> HADOOP = Set.of("hdfs", "viewfs", "webhdfs", "swebhdfs");
  private static final String AZURE = "flink-azure-fs-hadoop";

  /** Plugins that lie in Flink's image, not enabled (1.20 to 2.3). */
  private static final Map<String, String> PLUGINS =
      Map.of(
          "gs", "flink-gs-fs-hadoop",
          "oss", "flink-oss-fs-hadoop",
          "abfs", AZURE,
          "abfss", AZURE,
          "wasb", AZURE,
          "wasbs", AZURE);

  /** Of any registry and mirror; other images may have been built to enable what they need. */
  private static final Pattern IMAGE_OF_FLINK =
      Pattern.compile("(flink|(.+/)?(library|apache)/flink)([:@].*)?");

  private final FlinkClusterSpec spec;
  private final TemplateEnvironment environment;
  private final Findings findings;

  private FileSystemRules(FlinkClusterSpec spec, Findings findings) {
    this.spec = spec;
    this.environment = TemplateEnvironment.of(spec);
    this.findings = findings;
  }

  static void check(FlinkClusterSpec spec, StorageDirs dirs, Findings findings) {
    var rules = new FileSystemRules(spec, findings);
    directories(spec, dirs).forEach(rules::check);
  }

  /** The first directory of each scheme, by the field that names it. */
  private static Map<String, String> directories(FlinkClusterSpec spec, StorageDirs dirs) {
    var byScheme = new LinkedHashMap<String, Map.Entry<String, String>>();
    var fields = new LinkedHashMap<>(StorageRules.effective(spec, dirs));
    if (spec.job() != null && spec.job().initialSavepoint() != null) {
      fields.put("spec.job.initialSavepoint", spec.job().initialSavepoint());
    }
    fields.forEach((field, uri) -> byScheme.putIfAbsent(Schemes.of(uri), Map.entry(field, uri)));
    var directories = new LinkedHashMap<String, String>();
    byScheme.values().forEach(e -> directories.put(e.getKey(), e.getValue()));
    return directories;
  }

  private void check(String field, String uri) {
    String scheme = Schemes.of(uri);
    if (scheme.isEmpty() || scheme.equals("file") || Schemes.isS3(uri)) {
      return;
    }
    if (HADOOP.contains(scheme)) {
      checkHadoop(field, uri);
    } else if (PLUGINS.containsKey(scheme)) {
      checkPlugin(field, uri, PLUGINS.get(scheme));
    } else if (!HadoopRules.told(spec, environment)
        && environment.find("HADOOP_CLASSPATH").isEmpty()) {
      findings.warn(
          field,
          uri,
          "no file system of Flink's image and its plugins knows "
              + scheme
              + "://, and unless the image brings one the job cannot keep its state there",
          "use one of s3, file, hdfs, " + String.join(", ", new TreeSet<>(PLUGINS.keySet())));
    }
  }

  private void checkHadoop(String field, String uri) {
    if (!HadoopRules.told(spec, environment)) {
      findings.warn(
          field,
          uri,
          "needs Hadoop's configuration and classes, and unless the image brings both,"
              + " Flink cannot reach it",
          "set spec.hadoopConf, and HADOOP_CLASSPATH in the image or the pod template");
    }
  }

  private void checkPlugin(String field, String uri, String plugin) {
    boolean enabled =
        environment
            .find("ENABLE_BUILT_IN_PLUGINS")
            .filter(v -> v.value().isEmpty() || v.value().contains(plugin))
            .isPresent();
    if (!enabled && spec.image() != null && IMAGE_OF_FLINK.matcher(spec.image()).matches()) {
      findings.warn(
          field,
          uri,
          "is served by the plugin " + plugin + ", which is not enabled in " + spec.image(),
          "set ENABLE_BUILT_IN_PLUGINS in container flink of spec.podTemplate to "
              + plugin
              + "-VERSION.jar, with the full version of the image's Flink");
    }
  }
}
