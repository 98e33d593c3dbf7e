package io.flinkcluster.operator.apply;

import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.DisposalProgress;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.flinkrest.RemoteFailure;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.ObservedDisposal;
import io.flinkcluster.operator.model.ObservedDisposal.Outcome;
import io.flinkcluster.operator.model.SafeText;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Savepoints that Flink was asked to delete, and what came of it. Flink takes no id of ours for
 * such a request, so that one that was forgotten with this process is made again: for a savepoint
 * that is gone already Flink says so. No method waits. Thread-safe.
 */
public final class Disposals {
  private static final Logger LOG = LoggerFactory.getLogger(Disposals.class);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final FlinkRest rest;
  private final Clock clock;
  private final Consumer<ClusterKey> onEnd;
  private final ScheduledExecutorService timer;
  private final Map<ClusterKey, Map<String, ObservedDisposal>> seen = new ConcurrentHashMap<>();

  /**
   * Nothing is asked for yet.
   *
   * @param onEnd told when a deletion has ended, well or badly; must return at once
   * @param timer keeps the time between two looks at a deletion; is not shut down
   */
  public Disposals(
      FlinkRest rest, Clock clock, Consumer<ClusterKey> onEnd, ScheduledExecutorService timer) {
    this.rest = rest;
    this.clock = clock;
    this.onEnd = onEnd;
    this.timer = timer;
  }

  /** Asks the JobManager to delete a savepoint, unless that is under way. */
  public void begin(ClusterKey key, Address flink, String path) {
    var mine = seen.computeIfAbsent(key, k -> new ConcurrentHashMap<>());
    var begun = new ObservedDisposal(path, Outcome.UNDER_WAY, "", clock.instant());
    var now = mine.compute(path, (p, before) -> underWay(before) ? before : begun);
    if (now != begun) {
      return;
    }
    LOG.info("{}: asking Flink to delete the savepoint {}", key, path);
    rest.disposeSavepoint(flink, path)
        .thenCompose(id -> follow(flink, id, begun.at().plus(PATIENCE)))
        .exceptionally(Disposals::failure)
        .thenAccept(
            end -> {
              Outcome outcome =
                  end.state() == DisposalProgress.State.GONE ? Outcome.GONE : Outcome.FAILED;
              mine.replace(
                  path, begun, new ObservedDisposal(path, outcome, end.message(), clock.instant()));
              onEnd.accept(key);
            });
  }

  private static boolean underWay(ObservedDisposal seen) {
    return seen != null && seen.outcome() == Outcome.UNDER_WAY;
  }

  private CompletableFuture<DisposalProgress> follow(Address flink, String id, Instant until) {
    return rest.disposalProgress(flink, id)
        .exceptionally(
            failure -> {
              if (clock.instant().isAfter(until)) {
                throw new CompletionException(failure);
              }
              return new DisposalProgress(DisposalProgress.State.IN_PROGRESS, "");
            })
        .thenCompose(
            progress ->
                switch (progress.state()) {
                  case GONE, FAILED -> CompletableFuture.completedFuture(progress);
                  case UNKNOWN -> failed("the JobManager has forgotten the request");
                  case IN_PROGRESS ->
                      clock.instant().isAfter(until)
                          ? failed("it takes longer than " + PATIENCE.toMinutes() + " minutes")
                          : CompletableFuture.runAsync(() -> {}, later())
                              .thenCompose(again -> follow(flink, id, until));
                });
  }

  private Executor later() {
    return task -> timer.schedule(task, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static CompletableFuture<DisposalProgress> failed(String why) {
    return CompletableFuture.completedFuture(
        new DisposalProgress(DisposalProgress.State.FAILED, why));
  }

  private static DisposalProgress failure(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    String text =
        cause instanceof RemoteFailure ? cause.getMessage() : cause.getClass().getSimpleName();
    return new DisposalProgress(DisposalProgress.State.FAILED, SafeText.line(text));
  }

  /** What is known of the deletions that were asked for. */
  public List<ObservedDisposal> seen(ClusterKey key) {
    var mine = seen.get(key);
    return mine == null ? List.of() : List.copyOf(mine.values());
  }

  /** Forgets the deletions of all other savepoints of the cluster. */
  public void retain(ClusterKey key, Set<String> paths) {
    var mine = seen.get(key);
    if (mine != null) {
      mine.keySet().retainAll(paths);
      if (paths.isEmpty()) {
        seen.remove(key);
      }
    }
  }
}
