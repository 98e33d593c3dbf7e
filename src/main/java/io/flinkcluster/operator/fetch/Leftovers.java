package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.model.StartDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What earlier starts of a cluster have left in storage and nothing needs: a job that was lost
 * leaves its checkpoints, since its successor does not own what it restores (claim mode NO_CLAIM).
 * Only directories that bear the id of a start of this very cluster are looked at.
 *
 * <p>A directory stays where its start is named among the {@link LeftoversTask#kept}, where
 * something was written to it lately, and where the metadata of any snapshot that stays names a
 * file in it: incremental checkpoints share files with earlier ones. Whoever cannot be asked keeps
 * everything.
 */
public final class Leftovers {

  /** A job that runs removes checkpoints while they are looked at. */
  private static final int LOOKS = 5;

  private static final List<String> RESULT_STORES =
      List.of("", "/job-result-store", "/application-result-store");

  private final S3Access access;
  private final Attempts attempts;
  private final Instant now;

  /** As it is done in a pod. */
  public Leftovers(S3Access access, Instant now) {
    this(access, Attempts.USUAL, now);
  }

  Leftovers(S3Access access, Attempts attempts, Instant now) {
    this.access = access;
    this.attempts = attempts;
    this.now = now;
  }

  /** A directory, and why it stays; empty: nothing needs it. */
  private static final class Found {
    private final String path;
    private final long epoch;
    private final Contents contents;
    private Optional<String> needed;

    Found(String path, long epoch, Contents contents, Optional<String> needed) {
      this.path = path;
      this.epoch = epoch;
      this.contents = contents;
      this.needed = needed;
    }

    StartDirectory told() {
      return new StartDirectory(
          path,
          epoch,
          contents.files(),
          contents.bytes(),
          contents.newest().map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse(""),
          needed.isPresent(),
          needed.orElse("no restore point needs it"),
          false);
    }
  }

  /**
   * Finds out, and deletes where that is asked for, the oldest first.
   *
   * @param told of each directory, when nothing more happens to it
   * @throws Fault where it cannot be told what is needed; nothing was deleted then, unless a
   *     directory could not be deleted
   */
  public void run(LeftoversTask task, Consumer<StartDirectory> told) throws Fault {
    try (var checkpoints = Stores.of(task.checkpoints(), access)) {
      Map<String, Long> starts = task.jobs();
      List<Found> jobs = jobs(task, starts, checkpoints);
      shared(task, starts, checkpoints, jobs);
      settle(task, checkpoints, jobs, told);
    }
    if (task.highAvailability().isPresent()) {
      try (var recovery = Stores.of(task.highAvailability().get(), access)) {
        settle(task, recovery, recovery(task, recovery), told);
      }
    }
  }

  private void settle(
      LeftoversTask task, Store store, List<Found> all, Consumer<StartDirectory> told)
      throws Fault {
    for (Found found : all) {
      boolean goes = task.delete() && found.needed.isEmpty();
      if (goes) {
        attempts.of(
            () -> {
              store.delete(found.path);
              return null;
            });
      }
      told.accept(goes ? found.told().withDeleted() : found.told());
    }
  }

  // --- directories of jobs ---

  private List<Found> jobs(LeftoversTask task, Map<String, Long> starts, Store store) throws Fault {
    var found = new ArrayList<Found>();
    for (String name : attempts.of(() -> store.folders(task.checkpoints()))) {
      if (starts.containsKey(name)) {
        found.add(found(task, store, task.checkpoints() + "/" + name, starts.get(name)));
      }
    }
    found.sort((a, b) -> Long.compare(a.epoch, b.epoch));
    return found;
  }

  private Found found(LeftoversTask task, Store store, String path, long epoch) throws Fault {
    Contents contents = attempts.of(() -> store.contents(path));
    return new Found(path, epoch, contents, needed(task, epoch, contents));
  }

  private Optional<String> needed(LeftoversTask task, long epoch, Contents contents) {
    if (task.kept().contains(epoch)) {
      return Optional.of("the FlinkCluster, or an object of it, names this start");
    }
    return contents
        .newest()
        .filter(at -> at.isAfter(now.minus(task.age())))
        .map(at -> "written after " + now.minus(task.age()).truncatedTo(ChronoUnit.SECONDS));
  }

  /** Marks what snapshots that stay share files with, until nothing more is found. */
  private void shared(LeftoversTask task, Map<String, Long> starts, Store store, List<Found> jobs)
      throws Fault {
    var byEpoch = new HashMap<Long, Found>();
    jobs.forEach(job -> byEpoch.put(job.epoch, job));
    var unread = new ArrayList<Found>();
    for (String snapshot : task.snapshots()) {
      try (var other = Stores.of(snapshot, access)) {
        Optional<Map<Long, String>> mentions =
            attempts.of(() -> mentions(other, List.of(snapshot + "/" + Contents.METADATA), starts));
        mark(mentions.orElse(Map.of()), byEpoch, unread); // one that is gone needs nothing
      }
    }
    jobs.stream().filter(job -> job.needed.isPresent()).forEach(unread::add);
    var read = new HashSet<Found>();
    while (!unread.isEmpty()) {
      Found next = unread.remove(unread.size() - 1);
      if (read.add(next)) {
        mark(mentions(store, next, starts), byEpoch, unread);
      }
    }
  }

  private static void mark(
      Map<Long, String> mentions, Map<Long, Found> byEpoch, List<Found> unread) {
    mentions.forEach(
        (epoch, by) -> {
          Found job = byEpoch.get(epoch);
          if (job != null && job.needed.isEmpty()) {
            job.needed = Optional.of(by + " needs files of it");
            unread.add(job);
          }
        });
  }

  private Map<Long, String> mentions(Store store, Found job, Map<String, Long> starts)
      throws Fault {
    for (int look = 0; look < LOOKS; look++) {
      Contents now = look == 0 ? job.contents : attempts.of(() -> store.contents(job.path));
      Optional<Map<Long, String>> all = attempts.of(() -> mentions(store, now.metadata(), starts));
      if (all.isPresent()) {
        return all.get();
      }
    }
    throw Fault.passing(job.path + " changes faster than it can be read; try again");
  }

  /** Which starts these files name, with a snapshot that does; empty: one of them is gone. */
  private static Optional<Map<Long, String>> mentions(
      Store store, List<String> metadata, Map<String, Long> starts) throws Fault {
    var all = new HashMap<Long, String>();
    for (String file : metadata) {
      Optional<InputStream> content = store.open(file);
      if (content.isEmpty()) {
        return Optional.empty();
      }
      String snapshot = file.substring(0, file.lastIndexOf('/'));
      try (InputStream body = content.get()) {
        JobMentions.in(body, starts).forEach(epoch -> all.put(epoch, snapshot));
      } catch (IOException e) {
        throw new Fault(file + " cannot be read: " + e.getMessage(), true, e);
      }
    }
    return Optional.of(all);
  }

  // --- directories of high availability ---

  private List<Found> recovery(LeftoversTask task, Store store) throws Fault {
    var found = new ArrayList<Found>();
    for (String below : RESULT_STORES) {
      String parent = task.highAvailability().orElseThrow() + below;
      for (String name : attempts.of(() -> store.folders(parent))) {
        long epoch = epoch(name, task);
        if (epoch > 0) {
          found.add(found(task, store, parent + "/" + name, epoch));
        }
      }
    }
    return found;
  }

  /** 0 where it belongs to no start of this cluster. */
  private static long epoch(String name, LeftoversTask task) {
    String number =
        name.startsWith(task.haPrefix()) ? name.substring(task.haPrefix().length()) : "";
    boolean ours = !task.haPrefix().isEmpty() && number.matches("[1-9][0-9]{0,17}");
    long epoch = ours ? Long.parseLong(number) : 0;
    return epoch <= task.starts() ? epoch : 0;
  }
}
