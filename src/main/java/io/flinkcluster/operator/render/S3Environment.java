package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.flinkcluster.operator.flinkconf.FlinkConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells the container that fetches how Flink's own options say S3 is reached. */
final class S3Environment {

  /** Prefixes under which Flink's S3 plugins take the same option (1.20 to 2.3). */
  private static final List<String> PREFIXES = List.of("s3.", "s3a.", "fs.s3a.", "presto.s3.");

  private final FlinkConfig config;
  private final List<EnvVar> env = new ArrayList<>();

  private S3Environment(FlinkConfig config) {
    this.config = config;
  }

  static List<EnvVar> of(FlinkConfig config) {
    var s3 = new S3Environment(config);
    s3.value("FETCH_S3_ENDPOINT", "endpoint");
    s3.value("FETCH_S3_REGION", "region", "endpoint.region");
    s3.value("FETCH_S3_PATH_STYLE", "path-style-access", "path.style.access");
    s3.value("FETCH_S3_ACCESS_KEY", "access-key", "access.key");
    s3.file("FETCH_S3_SECRET_KEY_FILE", "secret-key", "secret.key");
    return s3.env;
  }

  private void value(String name, String... options) {
    for (String option : options) {
      for (String prefix : PREFIXES) {
        Optional<String> value = config.get(prefix + option);
        if (value.isPresent()) {
          env.add(new EnvVar(name, Escapes.literal(value.get()), null));
          return;
        }
      }
    }
  }

  private void file(String name, String... options) {
    for (String option : options) {
      for (String prefix : PREFIXES) {
        if (config.secrets().containsKey(prefix + option)) {
          env.add(new EnvVar(name, SecretOptions.DIR + "/" + prefix + option, null));
          return;
        }
      }
    }
  }
}
