package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.flinkcluster.operator.flinkconf.FlinkConfig;
import io.flinkcluster.operator.model.S3Option;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells the container that fetches how Flink's own options say S3 is reached. */
final class S3Environment {

  private S3Environment() {}

  static List<EnvVar> of(FlinkConfig config) {
    return Stream.of(
            value(config, "FETCH_S3_ENDPOINT", S3Option.ENDPOINT),
            value(config, "FETCH_S3_REGION", S3Option.REGION),
            value(config, "FETCH_S3_PATH_STYLE", S3Option.PATH_STYLE),
            value(config, "FETCH_S3_ACCESS_KEY", S3Option.ACCESS_KEY),
            file(config, "FETCH_S3_SECRET_KEY_FILE", S3Option.SECRET_KEY))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<EnvVar> value(FlinkConfig config, String name, S3Option option) {
    return option
        .names()
        .flatMap(key -> config.get(key).stream())
        .findFirst()
        .map(value -> new EnvVar(name, Escapes.literal(value), null));
  }

  private static Optional<EnvVar> file(FlinkConfig config, String name, S3Option option) {
    return option
        .names()
        .filter(config.secrets()::containsKey)
        .findFirst()
        .map(key -> new EnvVar(name, SecretOptions.DIR + "/" + key, null));
  }
}
