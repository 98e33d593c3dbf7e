package io.flinkcluster.operator.simulation;

import io.flinkcluster.operator.judge.Event;
import io.flinkcluster.operator.judge.History;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where snapshots lie. */
final class SimulatedStorage {
  /** A complete snapshot. */
  record Snapshot(String path, boolean savepoint, String job, long number, double progress) {
    String directory() {
      return path.substring(0, path.lastIndexOf('/'));
    }
  }

  private final SimulatedTime time;
  private final History history;
  private final Map<String, Snapshot> snapshots = new LinkedHashMap<>();

  /** No pod can list or read. */
  boolean denies;

  SimulatedStorage(SimulatedTime time, History history) {
    this.time = time;
    this.history = history;
  }

  void write(Snapshot snapshot, String run, String cluster, long epoch, boolean stop) {
    snapshots.put(snapshot.path(), snapshot);
    history.add(
        new Event.SnapshotTaken(
            time.now(),
            snapshot.path(),
            snapshot.savepoint(),
            run,
            cluster,
            snapshot.job(),
            epoch,
            snapshot.number(),
            snapshot.progress(),
            stop));
  }

  /** A savepoint that somebody else has written before. */
  void foreign(String path, double progress) {
    write(new Snapshot(path, true, "0".repeat(32), 1, progress), "", "", 0, false);
  }

  Optional<Snapshot> read(String path) {
    return Optional.ofNullable(snapshots.get(path));
  }

  boolean dispose(String path) {
    boolean there = snapshots.remove(path) != null;
    if (there) {
      history.add(new Event.SnapshotDisposed(time.now(), path));
    }
    return there;
  }

  List<Snapshot> in(String directory) {
    return snapshots.values().stream().filter(s -> s.directory().equals(directory)).toList();
  }

  List<Snapshot> all() {
    return List.copyOf(snapshots.values());
  }

  /**
   * What the start script says a job begins from: the known point, or one that is newer in the
   * directories that it was told. A test compares this with the script itself.
   *
   * @param own the directory of the job's own checkpoints; empty: it is not asked whether the job
   *     has run before
   * @throws Refused the job has run before
   */
  Optional<String> begin(Optional<String> known, List<String> directories, Optional<String> own) {
    Snapshot newest = null;
    Optional<Snapshot> given = known.map(snapshots::get);
    for (String directory : directories) {
      var there = new ArrayList<>(in(directory));
      if (!there.isEmpty() && own.filter(directory::equals).isPresent()) {
        throw new Refused();
      }
      for (Snapshot one : there) {
        if (newest == null || sameJob(one, newest) && one.number() > newest.number()) {
          newest = one;
        }
      }
    }
    if (newest != null && given.isPresent() && sameJob(given.get(), newest)) {
      if (newest.number() <= given.get().number()) {
        return known;
      }
    }
    return newest == null ? known : Optional.of(newest.path());
  }

  private static boolean sameJob(Snapshot one, Snapshot other) {
    return one.job().equals(other.job());
  }

  /** The job has run before. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
