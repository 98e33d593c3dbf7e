package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.JobSpec;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.RestorePoint;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which state belongs to this cluster, and which of it is the newest. A restore point is only ever
 * replaced by a newer one of the same line of starts.
 */
final class Lineage {
  private static final Set<OperationType> KEEPS_THE_POINT_BEFORE =
      Set.of(
          OperationType.Rescale,
          OperationType.Upgrade,
          OperationType.Restart,
          OperationType.Rollback);

  private static final Pattern NUMBER = Pattern.compile("/chk-([0-9]{1,18})/?$");

  private static final Duration CACHED = Duration.ofSeconds(10);

  private Lineage() {}

  /** The launch as the renderer wants it. */
  static Launch launch(LaunchStatus status) {
    return new Launch(
        status.epoch(),
        Optional.ofNullable(status.jobId()),
        Optional.ofNullable(status.restoredFrom()),
        status.snapshotSearchDirectories() == null
            ? List.of()
            : status.snapshotSearchDirectories());
  }

  /** The start that this operation leads to, before it is recorded as the current one. */
  static Launch prepared(Situation s, OperationStatus operation, boolean hasJob) {
    return new Launch(
        operation.epoch(),
        hasJob ? Optional.of(Ids.jobId(s.uid(), operation.epoch())) : Optional.empty(),
        Optional.empty());
  }

  /** The recorded state with the newest completed checkpoint that was seen. */
  static RecordedState observed(Situation s) {
    RecordedState recorded = s.recorded();
    Optional<LaunchStatus> launch = recorded.launch().filter(l -> l.stoppedAt() == null);
    if (launch.isEmpty() || frozen(recorded)) {
      return recorded;
    }
    return s.seen()
        .job(launch.get().epoch())
        .filter(job -> restoredAsIntended(launch.get(), job) && !doubtful(s, launch.get()))
        .flatMap(job -> checkpoint(job))
        .filter(point -> newer(point, recorded.restorePoint()))
        .map(recorded::with)
        .orElse(recorded);
  }

  /** A change that may be undone keeps the point from before it until it has ended. */
  private static boolean frozen(RecordedState recorded) {
    return recorded
        .operation()
        .filter(o -> o.size() == null) // in place the same job goes on
        .filter(o -> o.stage().compareTo(OperationStage.Stopping) >= 0)
        .filter(
            o -> o.stage() == OperationStage.Stopping || KEEPS_THE_POINT_BEFORE.contains(o.type()))
        .isPresent();
  }

  private static Optional<RestorePoint> checkpoint(ObservedJob job) {
    return job.checkpoints().last().map(c -> restorePoint(job.id(), c));
  }

  private static RestorePoint restorePoint(String jobId, ObservedCheckpoints.Completed c) {
    return new RestorePoint(
        RestorePoint.Type.Checkpoint, c.path(), jobId, Times.text(c.triggeredAt()), c.sizeBytes());
  }

  private static boolean newer(RestorePoint candidate, Optional<RestorePoint> known) {
    if (known.isEmpty() || !candidate.jobId().equals(known.get().jobId())) {
      return true; // the first of this start; what came before is its ancestor
    }
    long number = number(candidate.path());
    long last = number(known.get().path());
    if (number >= 0 && last >= 0) {
      return number > last; // another JobManager of the same job may have another clock
    }
    Instant before = Times.moment(known.get().takenAt()).orElse(Instant.MIN);
    return Times.moment(candidate.takenAt()).orElse(Instant.MIN).isAfter(before);
  }

  /**
   * Whether the job of this start began again in another JobManager process without its newest
   * checkpoint: the data of its high availability was lost, so that it took the point of its first
   * start once more. Told by times alone it would look like any other run.
   */
  static boolean restoredOlderCheckpoint(Situation s, LaunchStatus launch) {
    return doubtful(s, launch)
        && s.seen()
            .job(launch.epoch())
            .filter(job -> restoredIsKnown(job, s.seen().at()))
            .isPresent();
  }

  /**
   * The recorded state without a point of an earlier line, once a start from empty state has
   * succeeded.
   */
  static RecordedState ofThisLine(RecordedState recorded, LaunchStatus launch) {
    boolean other =
        launch.restoredFrom() == null
            && recorded
                .restorePoint()
                .filter(p -> !Objects.equals(p.jobId(), launch.jobId()))
                .isPresent();
    return other ? recorded.with((RestorePoint) null) : recorded;
  }

  /** Whether the job began after its newest checkpoint and has not told that it restored it. */
  private static boolean doubtful(Situation s, LaunchStatus launch) {
    Optional<RestorePoint> known =
        s.recorded()
            .restorePoint()
            .filter(p -> p.type() == RestorePoint.Type.Checkpoint)
            .filter(p -> Objects.equals(p.jobId(), launch.jobId()));
    Optional<ObservedJob> job = s.seen().job(launch.epoch());
    boolean comesBack =
        s.spec(launch.epoch(), launch.fingerprint())
            .filter(spec -> spec.highlyAvailable() && spec.stateful())
            .isPresent();
    if (!comesBack || known.isEmpty() || job.isEmpty()) {
      return false;
    }
    Instant taken = Times.moment(known.get().takenAt()).orElse(Instant.MAX);
    long restored =
        job.get()
            .checkpoints()
            .restored()
            .filter(path -> own(path, launch))
            .map(Lineage::number)
            .orElse(-1L);
    return job.get().startedAt().isAfter(taken) && restored < number(known.get().path());
  }

  /**
   * Flink tells what was restored only when the tasks run, and from a cache of 3 s (1.20 to 2.3).
   */
  private static boolean restoredIsKnown(ObservedJob job, Instant now) {
    Instant since = job.tasksRunningSince().orElse(now);
    return job.allTasksRunning()
        && (job.checkpoints().restored().isPresent() || since.plus(CACHED).isBefore(now));
  }

  /** The number of a checkpoint of Flink, from its path; -1 where it has none. */
  private static long number(String path) {
    Matcher number = NUMBER.matcher(path);
    return number.find() ? Long.parseLong(number.group(1)) : -1;
  }

  /** Starts of which objects exist. */
  static Set<Long> traces(Situation s) {
    var epochs = new TreeSet<>(s.launched().keySet());
    s.seen().pods().forEach(pod -> epochs.add(pod.epoch()));
    return epochs;
  }

  /** The newest start of which objects exist; 0: there is none. */
  static long newestTrace(Situation s) {
    return traces(s).stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** The cluster ids of high availability data of all starts but this one. */
  static List<String> pastClusterIds(Situation s, long current) {
    var epochs = new TreeSet<Long>();
    s.recorded().launch().ifPresent(l -> epochs.add(l.epoch()));
    s.recorded().operation().map(OperationStatus::epoch).ifPresent(epochs::add);
    s.recorded().operations().stream()
        .map(OperationRecord::epoch)
        .filter(Objects::nonNull)
        .forEach(epochs::add);
    epochs.remove(current);
    return epochs.stream().map(e -> s.names().highAvailability(s.uid(), e)).toList();
  }

  /** Whether any start that is remembered, or the wanted one, keeps high availability data. */
  static boolean keepsHighAvailabilityData(Situation s) {
    return s.launched().values().stream().anyMatch(CheckedCluster::highlyAvailable)
        || s.wanted().filter(CheckedCluster::highlyAvailable).isPresent();
  }

  /**
   * Whether the job restored what its start was given, or a checkpoint of its own since then; a
   * start from nothing restores nothing.
   */
  static boolean restoredAsIntended(LaunchStatus launch, ObservedJob job) {
    Optional<String> intended = Optional.ofNullable(launch.restoredFrom()).map(Lineage::plain);
    Optional<String> restored = job.checkpoints().restored().map(Lineage::plain);
    return intended.isEmpty()
        || intended.equals(restored)
        || restored.filter(path -> own(path, launch)).isPresent()
        || restored.filter(path -> SnapshotSearch.holds(launch, path)).isPresent()
        || restored.filter(path -> laterOfTheSameJob(path, intended.get())).isPresent();
  }

  /** The pod itself looks for a checkpoint that completed after the last look at a lost job. */
  private static boolean laterOfTheSameJob(String path, String known) {
    return number(known) >= 0
        && number(path) > number(known)
        && path.substring(0, path.lastIndexOf('/'))
            .equals(known.substring(0, known.lastIndexOf('/')));
  }

  private static boolean own(String path, LaunchStatus launch) {
    return launch.jobId() != null && path.contains("/" + launch.jobId() + "/chk-");
  }

  /** Flink writes {@code file:/a} where a user wrote {@code file:///a}, and may drop a slash. */
  static String plain(String path) {
    String text = path.replaceFirst("^([a-z][a-z0-9+.-]*):/+", "$1:/");
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /**
   * What a start of this spec begins from: the savepoint of the operation, else the newest point
   * that is known, else what the line of starts began with. A stateless job always begins from
   * nothing.
   */
  static Optional<String> startingPoint(
      Situation s, OperationStatus operation, CheckedCluster spec) {
    if (!spec.stateful()) {
      return Optional.empty();
    }
    return Optional.ofNullable(operation.savepoint())
        .or(() -> s.recorded().restorePoint().map(RestorePoint::path))
        .or(() -> origin(s, spec));
  }

  /**
   * Nothing was completed yet: what ran began from this, and what never ran is to begin with it.
   */
  private static Optional<String> origin(Situation s, CheckedCluster spec) {
    return s.recorded().lastStable().isPresent()
        ? s.recorded().launch().map(LaunchStatus::restoredFrom)
        : s.wanted().orElse(spec).job().map(JobSpec::initialSavepoint);
  }
}
