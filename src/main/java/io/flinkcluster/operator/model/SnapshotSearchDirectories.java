package io.flinkcluster.operator.model;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directories in which the pod of a JobManager looks just before Flink starts. Snapshots there
 * may be newer than the known restore point: one may have completed after the last look at a job
 * that was lost. What a user named is taken as it is.
 *
 * <p>Every job with checkpoints looks in its own directory first. Without high availability
 * anything there tells of an earlier run of the same job, and the start is refused: going on from
 * the newest checkpoint in it could leave out a newer savepoint of that job, whose place the pod
 * does not know. The next start, which has a job id of its own, is told where to look. With high
 * availability a JobManager starts again within one start of the cluster, and takes what Flink's
 * own recovery data say, whatever point it is given. Where those were lost it would begin once more
 * with the point of its first start, repeat its output, and overwrite its newer checkpoints: so it
 * is given the newest of its own job.
 */
public final class SnapshotSearchDirectories {

  private static final Pattern CHECKPOINT = Pattern.compile("(.+)/chk-[0-9]{1,18}/?");

  /** Flink (1.20 to 2.3) names a savepoint after the first digits of the job that wrote it. */
  private static final Pattern SAVEPOINT =
      Pattern.compile("(.+)/savepoint-([0-9a-f]{6})-[0-9a-f]+/?");

  private SnapshotSearchDirectories() {}

  /** Those that a pod can inspect, as URIs, the latest job first; empty: there is nothing to do. */
  public static List<String> of(CheckedCluster cluster, Launch launch) {
    var all = new ArrayList<String>();
    own(cluster, launch).ifPresent(all::add);
    earlier(cluster, launch).stream().filter(d -> !all.contains(d)).forEach(all::add);
    return all.stream().filter(Schemes::searchable).toList();
  }

  /** Those of them on S3, as URIs. */
  public static List<String> onS3(CheckedCluster cluster, Launch launch) {
    return of(cluster, launch).stream().filter(Schemes::isS3).toList();
  }

  /**
   * The directory in which the job of this start itself will keep its checkpoints, as a URI; empty:
   * it takes none.
   */
  public static Optional<String> own(CheckedCluster cluster, Launch launch) {
    return cluster.checkpointed()
        ? cluster.dirs().checkpoints().flatMap(dir -> launch.jobId().map(id -> dir + "/" + id))
        : Optional.empty();
  }

  /**
   * The directories that must be inspected before this start may begin and that no pod can inspect:
   * those on storage other than S3 and mounted volumes, as URIs, in the order of the search; empty:
   * the start needs none of them. Without a look there a newer snapshot than the known restore
   * point may be left out. The job's own directory is never among them: it is empty before its
   * first run, and that there is no second one does not rest on the look alone.
   *
   * <p>S3 counts as inspectable whatever {@code storage.s3Plugin} says: the look does not need
   * Flink's plugin, and where the pod lacks the right to look it does not start. Storage of both
   * kinds can be inspected together.
   */
  public static List<String> notInspectable(CheckedCluster cluster, Launch launch) {
    return earlier(cluster, launch).stream().filter(Predicate.not(Schemes::searchable)).toList();
  }

  /** What the start was told to inspect, and where the known restore point lies. */
  private static List<String> earlier(CheckedCluster cluster, Launch launch) {
    if (cluster.job().isEmpty()) {
      return List.of();
    }
    var all = new ArrayList<>(launch.snapshotSearchDirectories());
    String named = cluster.job().get().initialSavepoint();
    Optional<String> known = launch.restoredFrom().filter(path -> !path.equals(named));
    known
        .map(CHECKPOINT::matcher)
        .filter(Matcher::matches)
        .map(path -> path.group(1))
        .filter(directory -> !all.contains(directory))
        .ifPresent(all::add);
    known.map(SAVEPOINT::matcher).filter(Matcher::matches).ifPresent(path -> place(path, all));
    return all;
  }

  /**
   * A known savepoint counts among the checkpoints of its job, but its number stands only in the
   * savepoint itself: where the job's directory is searched, that of the savepoint is too.
   */
  private static void place(Matcher savepoint, List<String> all) {
    for (int i = 0; i < all.size(); i++) {
      String directory = all.get(i);
      boolean ofItsJob =
          directory.substring(directory.lastIndexOf('/') + 1).startsWith(savepoint.group(2));
      if (ofItsJob && !all.contains(savepoint.group(1))) {
        all.add(i, savepoint.group(1));
        return;
      }
    }
  }

  /** As start.sh is given it: the path of a directory on a mounted volume, else the URI. */
  public static String inPod(String directory) {
    return Schemes.of(directory).equals("file") ? URI.create(directory).getPath() : directory;
  }
}
