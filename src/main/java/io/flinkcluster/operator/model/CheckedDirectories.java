package io.flinkcluster.operator.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directories on S3 in which the pod of a JobManager tries, before Flink starts, whether Flink
 * can work there.
 */
public final class CheckedDirectories {

  /**
   * Options by which Flink is somebody else on S3 than its pod, or writes in another way than the
   * pod would: what the pod may do says nothing of Flink then (plugins of 1.20 to 2.3).
   */
  private static final Pattern OTHERWISE =
      Pattern.compile(
          "(s3|s3a|fs\\.s3a?|presto\\.s3)\\.((aws\\.)?credentials[.-]provider|iam-role"
              + "|assume-role\\.arn|assumed\\.role\\.arn|sse\\b.*|server-side-encryption.*"
              + "|encryption\\..*)");

  /** Options of Flink's S3 plugins: endpoint, region, keys and the like. */
  private static final Pattern ACCESS = Pattern.compile("(s3|s3a|fs\\.s3a?|presto\\.s3)\\..*");

  private CheckedDirectories() {}

  /** As URIs; empty: there is none on S3, or the pod's answer would say nothing of Flink. */
  public static List<String> of(CheckedCluster cluster) {
    if (options(cluster).anyMatch(option -> OTHERWISE.matcher(option).matches())) {
      return List.of();
    }
    StorageDirs dirs = cluster.dirs();
    return Stream.of(
            dirs.checkpoints(),
            dirs.savepoints(),
            dirs.highAvailability().filter(dir -> cluster.highlyAvailable()))
        .flatMap(Optional::stream)
        .filter(Schemes::isS3)
        .distinct()
        .toList();
  }

  /**
   * Whether what one may do there says what the other may: the same directories, reached by the
   * same options as the same ServiceAccount.
   */
  public static boolean same(CheckedCluster one, CheckedCluster other) {
    return of(one).equals(of(other))
        && one.spec().serviceAccountName().equals(other.spec().serviceAccountName())
        && access(one).equals(access(other));
  }

  private static Map<String, String> access(CheckedCluster cluster) {
    var access = new TreeMap<>(cluster.defaults());
    access.putAll(
        Optional.ofNullable(cluster.spec().flinkConfiguration()).orElseGet(() -> Map.of()));
    access.keySet().removeIf(option -> !ACCESS.matcher(option).matches());
    return access;
  }

  private static Stream<String> options(CheckedCluster cluster) {
    return Stream.of(cluster.spec().flinkConfiguration(), cluster.defaults())
        .flatMap(options -> Optional.ofNullable(options).stream())
        .flatMap(options -> options.keySet().stream());
  }
}
