package io.flinkcluster.operator.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The directories on S3 in which the pod of a JobManager tries, before Flink starts, whether Flink
 * can work there.
 */
public final class CheckedDirectories {

  /**
   * Options by which Flink is somebody else on S3 than its pod, or writes in another way than the
   * pod would: what the pod may do says nothing of Flink then.
   */
  private static final List<S3Option> OTHERWISE =
      List.of(S3Option.CREDENTIALS_PROVIDER, S3Option.ASSUMED_ROLE, S3Option.ENCRYPTION);

  private CheckedDirectories() {}

  /** As URIs; empty: there is none on S3, or the pod's answer would say nothing of Flink. */
  public static List<String> of(CheckedCluster cluster) {
    if (OTHERWISE.stream().anyMatch(option -> option.in(cluster.options()).isPresent())) {
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
    access.putAll(cluster.spec().flinkConfiguration());
    access.keySet().removeIf(option -> !S3Option.any(option));
    return access;
  }
}
