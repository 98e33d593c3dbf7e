package io.flinkcluster.operator.render;

import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.model.Schemes;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directories in which the pod itself looks for a checkpoint newer than the known restore point
 * just before Flink starts, that of the latest job first: one may have completed after the last
 * look at a job that was lost. What a user named is taken as it is.
 *
 * <p>With high availability a JobManager starts again within one start of the cluster, and takes
 * what Flink's own recovery data say, whatever point it is given. Where those were lost it would
 * begin once more with the point of its first start, repeat its output, and overwrite its newer
 * checkpoints: so it is given the newest of its own job.
 */
final class SnapshotSearchDirectories {

  private static final Pattern CHECKPOINT = Pattern.compile("(.+)/chk-[0-9]{1,18}/?");

  private SnapshotSearchDirectories() {}

  /** Those on S3, as URIs. */
  static List<String> onS3(CheckedCluster cluster, Launch launch) {
    return all(cluster, launch).stream().filter(Schemes::isS3).toList();
  }

  /** Those on mounted volumes, as paths. */
  static List<String> onVolumes(CheckedCluster cluster, Launch launch) {
    return all(cluster, launch).stream()
        .filter(uri -> Schemes.of(uri).equals("file"))
        .map(uri -> URI.create(uri).getPath())
        .toList();
  }

  private static List<String> all(CheckedCluster cluster, Launch launch) {
    if (cluster.job().isEmpty()) {
      return List.of();
    }
    var all = new ArrayList<String>();
    own(cluster, launch).ifPresent(all::add);
    all.addAll(launch.snapshotSearchDirectories());
    String named = cluster.job().get().initialSavepoint();
    Optional<Matcher> known =
        launch
            .restoredFrom()
            .filter(path -> !path.equals(named))
            .map(CHECKPOINT::matcher)
            .filter(Matcher::matches);
    known.map(path -> path.group(1)).filter(d -> !all.contains(d)).ifPresent(all::add);
    return all;
  }

  private static Optional<String> own(CheckedCluster cluster, Launch launch) {
    return cluster.highlyAvailable() && cluster.checkpointed()
        ? cluster.dirs().checkpoints().flatMap(dir -> launch.jobId().map(id -> dir + "/" + id))
        : Optional.empty();
  }
}
