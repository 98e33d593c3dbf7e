package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.api.SavepointStatus;
import io.flinkcluster.operator.api.SavepointStatus.Disposal;
import io.flinkcluster.operator.api.StorageSpec.SavepointHistory;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedDisposal;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which savepoints are kept: {@code storage.savepointHistory}. One at a time is marked in the
 * status, then Flink is asked to delete it, and the entry goes when Flink says that it is gone.
 */
public final class SavepointRetention {
  /** Of savepoints that nobody deletes so many are told. */
  private static final int TOLD = 20;

  /** While the deletion of so many fails no other one is begun. */
  private static final int FAILING = 3;

  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private SavepointRetention() {}

  /**
   * The known savepoints as they are after a deletion has ended, or with the next one marked; the
   * recorded ones where nothing has changed.
   */
  public static List<SavepointStatus> advanced(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running) {
    List<SavepointStatus> before = s.recorded().savepoints();
    List<SavepointStatus> after = new ArrayList<>();
    before.forEach(p -> outcome(s, p).ifPresent(after::add));
    forget(s, running, after);
    if (after.equals(before)) {
      next(s, launch, running).ifPresent(p -> mark(s, p, after));
    }
    return List.copyOf(after);
  }

  private static Optional<ObservedDisposal> seen(Situation s, SavepointStatus savepoint) {
    return s.seen().disposals().stream()
        .filter(d -> d.path().equals(savepoint.path()) && savepoint.disposal() != null)
        .findFirst();
  }

  /** The entry as it is after what was seen of its deletion; empty where it is gone. */
  private static Optional<SavepointStatus> outcome(Situation s, SavepointStatus savepoint) {
    Optional<ObservedDisposal> seen = seen(s, savepoint);
    if (seen.filter(d -> d.outcome() == ObservedDisposal.Outcome.GONE).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        seen.filter(d -> d.outcome() == ObservedDisposal.Outcome.FAILED)
            .filter(d -> !Times.text(d.at()).equals(savepoint.disposal().failedAt()))
            .map(d -> savepoint.with(failed(savepoint.disposal(), d)))
            .orElse(savepoint));
  }

  private static Disposal failed(Disposal before, ObservedDisposal seen) {
    int failures = before.failures() == null ? 1 : before.failures() + 1;
    return new Disposal(before.since(), failures, Times.text(seen.at()), seen.message());
  }

  private static void mark(Situation s, SavepointStatus savepoint, List<SavepointStatus> all) {
    var decided = new Disposal(Times.text(s.now()), null, null, null);
    all.replaceAll(p -> p == savepoint ? p.with(decided) : p);
  }

  /** Those that nobody deletes are not told of for ever. */
  private static void forget(
      Situation s, Optional<CheckedCluster> running, List<SavepointStatus> all) {
    if (s.wanted().isEmpty()) {
      return; // whether there are limits is not known
    }
    boolean limited = limits(s).isPresent();
    List<SavepointStatus> kept =
        all.stream()
            .filter(p -> !(limited && limitable(s, running, p)) && p.disposal() == null)
            .skip(TOLD)
            .toList();
    all.removeAll(kept);
  }

  private static Optional<SavepointHistory> limits(Situation s) {
    return s.wanted()
        .flatMap(spec -> Optional.ofNullable(spec.spec().storage()))
        .flatMap(storage -> Optional.ofNullable(storage.savepointHistory()))
        .filter(limits -> limits.maxCount() != null || limits.maxAge() != null);
  }

  /** Whether the operator took it by itself, in the directory of this cluster. */
  private static boolean limitable(
      Situation s, Optional<CheckedCluster> running, SavepointStatus savepoint) {
    Optional<String> directory =
        running.flatMap(r -> r.dirs().savepoints()).map(d -> SnapshotPaths.plain(d) + "/");
    String path = SnapshotPaths.plain(savepoint.path());
    return savepoint.triggerKind() != null
        && savepoint.triggerKind() != TriggerKind.SavepointToken
        && directory.filter(path::startsWith).isPresent()
        && !path.contains("/../");
  }

  /** The oldest savepoint above a limit, where its deletion may begin. */
  private static Optional<SavepointStatus> next(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running) {
    List<SavepointStatus> marked = marked(s);
    long failing = marked.stream().filter(p -> p.disposal().failures() != null).count();
    boolean busy = marked.size() > failing || failing >= FAILING;
    if (busy || running.isEmpty() || !SavepointSchedule.settled(s, launch, running.get())) {
      return Optional.empty();
    }
    Set<String> needed = needed(s, launch, running.get());
    return above(s, running)
        .filter(p -> p.disposal() == null && !needed.contains(SnapshotPaths.plain(p.path())))
        .reduce((newer, older) -> older);
  }

  private static List<SavepointStatus> marked(Situation s) {
    return s.recorded().savepoints().stream().filter(p -> p.disposal() != null).toList();
  }

  /** Savepoints above a limit, newest first; each kind is limited on its own. */
  private static Stream<SavepointStatus> above(Situation s, Optional<CheckedCluster> running) {
    Predicate<SavepointStatus> periodic = p -> p.triggerKind() == TriggerKind.Schedule;
    return limits(s).stream()
        .flatMap(
            limits ->
                Stream.of(periodic, periodic.negate())
                    .flatMap(kind -> above(s, limits, running, kind)))
        .sorted((a, b) -> b.takenAt().compareTo(a.takenAt()));
  }

  private static Stream<SavepointStatus> above(
      Situation s,
      SavepointHistory limits,
      Optional<CheckedCluster> running,
      Predicate<SavepointStatus> kind) {
    List<SavepointStatus> all =
        s.recorded().savepoints().stream()
            .filter(kind)
            .filter(p -> limitable(s, running, p) && p.takenAt() != null)
            .toList();
    int count = limits.maxCount() == null ? Integer.MAX_VALUE : Math.max(1, limits.maxCount());
    return java.util.stream.IntStream.range(1, all.size())
        .filter(i -> i >= count || expired(s, limits, all.get(i)))
        .mapToObj(all::get);
  }

  private static boolean expired(Situation s, SavepointHistory limits, SavepointStatus savepoint) {
    return expiry(limits, savepoint).filter(end -> end.isBefore(s.now())).isPresent();
  }

  private static Optional<Instant> expiry(SavepointHistory limits, SavepointStatus savepoint) {
    return Optional.ofNullable(limits.maxAge())
        .map(Times::duration)
        .flatMap(age -> Times.moment(savepoint.takenAt()).map(taken -> taken.plus(age)));
  }

  /** What a start may need, or a user has named; in the spelling of {@link SnapshotPaths#plain}. */
  private static Set<String> needed(Situation s, LaunchStatus launch, CheckedCluster running) {
    var needed = new HashSet<String>();
    s.recorded().savepoints().stream().limit(1).forEach(p -> needed.add(p.path()));
    s.recorded().restorePoint().map(RestorePoint::path).ifPresent(needed::add);
    s.recorded().operation().map(o -> o.savepoint()).ifPresent(needed::add);
    s.seen().finalSavepoint().ifPresent(memory -> needed.add(memory.path()));
    Stream.concat(Stream.of(running), s.wanted().stream())
        .flatMap(spec -> spec.job().stream())
        .flatMap(job -> Optional.ofNullable(job.initialSavepoint()).stream())
        .forEach(needed::add);
    // With high availability data lost Flink asks for it once more; so the loss is noticed.
    Optional.ofNullable(launch.restoredFrom()).ifPresent(needed::add);
    var plain = new HashSet<String>();
    needed.forEach(path -> plain.add(SnapshotPaths.plain(path)));
    return plain;
  }

  /** Asks Flink to delete what is marked and may be tried now. */
  public static List<Action> actions(
      Situation s, LaunchStatus launch, Optional<CheckedCluster> running) {
    if (running.isEmpty()
        || !LaunchFacts.reachable(s, launch)
        || !SavepointSchedule.settled(s, launch, running.get())) {
      return List.of();
    }
    Set<String> needed = needed(s, launch, running.get());
    return marked(s).stream()
        .filter(p -> !needed.contains(SnapshotPaths.plain(p.path())))
        .filter(p -> !retryAt(p.disposal()).isAfter(s.now()))
        .<Action>map(p -> new Action.DisposeSavepoint(p.path()))
        .toList();
  }

  private static Instant retryAt(Disposal disposal) {
    if (disposal.failures() == null) {
      return Instant.MIN;
    }
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(disposal.failures() - 1, 10));
    Duration bounded = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    return Times.moment(disposal.failedAt()).map(at -> at.plus(bounded)).orElse(Instant.MIN);
  }

  /** How long until a savepoint is too old or a deletion is tried again; empty: neither. */
  public static Optional<Duration> untilNext(Situation s, Optional<CheckedCluster> running) {
    Stream<Instant> retries = marked(s).stream().map(p -> retryAt(p.disposal()));
    Stream<Instant> ends =
        limits(s).stream()
            .flatMap(
                limits ->
                    s.recorded().savepoints().stream()
                        .filter(p -> p.disposal() == null && limitable(s, running, p))
                        .flatMap(p -> expiry(limits, p).stream()));
    return Stream.concat(retries, ends)
        .filter(moment -> moment.isAfter(s.now()))
        .min(Instant::compareTo)
        .map(moment -> Duration.between(s.now(), moment));
  }
}
