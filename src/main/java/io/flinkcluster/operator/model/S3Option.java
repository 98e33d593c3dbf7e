package io.flinkcluster.operator.model;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Options of Flink's S3 plugins that say how S3 is reached and as whom, and so matter to more than
 * the plugin (1.20 to 2.3). {@code flink-s3-fs-hadoop} takes them under {@code s3.}, {@code s3a.}
 * and {@code fs.s3a.}, {@code flink-s3-fs-presto} under {@code s3.} and {@code presto.s3.}, {@code
 * flink-s3-fs-native} under {@code s3.}, and its provider of credentials under {@code fs.s3.}.
 */
public enum S3Option {
  /** URL or host of a store. */
  ENDPOINT("endpoint", "endpoint.value"),
  /** Region of the buckets. */
  REGION("region", "endpoint.region"),
  /** Whether the bucket is part of the path and not of the host name. */
  PATH_STYLE("path-style-access", "path.style.access"),
  /** Name of a static key. */
  ACCESS_KEY("access-key", "access.key"),
  /** The secret that belongs to it. */
  SECRET_KEY("secret-key", "secret.key"),
  /** Classes that find credentials, in place of what the environment of the pod says. */
  CREDENTIALS_PROVIDER(
      "aws.credentials.provider",
      "aws.credentials-provider",
      "credentials.provider",
      "credentials-provider"),
  /** A role that Flink takes on besides that of its pod. */
  ASSUMED_ROLE("iam-role", "assume-role.arn", "assumed.role.arn"),
  /** How what is written is encrypted: all names that begin so. */
  ENCRYPTION("sse.", "server-side-encryption", "encryption.");

  private static final List<String> OF_HADOOP = List.of("s3.", "s3a.", "fs.s3a.");
  private static final List<String> PREFIXES = List.of("s3.", "s3a.", "fs.s3a.", "presto.s3.");
  private static final String OF_NATIVE = "fs.s3.";

  private final List<String> names;

  S3Option(String... names) {
    this.names = List.of(names);
  }

  /** Whether an option is one of a plugin for S3, whatever it means. */
  public static boolean any(String option) {
    return prefixes().anyMatch(option::startsWith);
  }

  private static Stream<String> prefixes() {
    return Stream.concat(PREFIXES.stream(), Stream.of(OF_NATIVE));
  }

  /** Whether an option means this, to any of the plugins. */
  public boolean is(String option) {
    return prefixes()
        .filter(option::startsWith)
        .map(prefix -> option.substring(prefix.length()))
        .anyMatch(
            rest ->
                this == ENCRYPTION
                    ? names.stream().anyMatch(rest::startsWith)
                    : names.contains(rest));
  }

  /** The first of these options that means this, to any of the plugins. */
  public Optional<String> in(Collection<String> options) {
    return options.stream().filter(this::is).findFirst();
  }

  /** Whether one of these options means this to the Hadoop plugin, which hands on one name. */
  public boolean inForHadoop(Collection<String> options) {
    return OF_HADOOP.stream().anyMatch(prefix -> options.contains(prefix + names.get(0)));
  }

  /** All names but those of the native plugin alone; of several that are given the first counts. */
  public Stream<String> names() {
    return names.stream().flatMap(name -> PREFIXES.stream().map(prefix -> prefix + name));
  }
}
