package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.flinkrest.JobSummary;
import io.flinkcluster.operator.flinkrest.RemoteFailure;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.observe.PollState.PollRequest;
import io.flinkcluster.operator.observe.Target.Pace;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the JobManagers of all clusters again and again and remembers what each said last. No
 * method waits for a JobManager; one thread keeps the time, and at most one look at each cluster's
 * target is under way. A JobManager that does not answer delays no other.
 *
 * <p>Thread-safe.
 */
public final class FlinkPoller implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FlinkPoller.class);

  /** Each pause is longer or shorter by up to this share, so that looks do not come in step. */
  private static final double JITTER = 0.25;

  /** Milliseconds between two counts of the clusters at each pace. */
  private static final long COUNTED = 1_000;

  private final FlinkRest rest;
  private final Clock clock;
  private final Consumer<ClusterKey> onChange;
  private final Map<ClusterKey, PollState> watches = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer;
  private volatile Map<Pace, Integer> crowds = Map.of();

  /**
   * A poller without clusters.
   *
   * @param rest stays open when the poller is closed
   * @param clock gives the times of observations
   * @param onChange told the key of a cluster whose observation differs from the one told before in
   *     something that a status shows; called on threads of the poller and of {@code rest}, so it
   *     must return at once
   */
  public FlinkPoller(FlinkRest rest, Clock clock, Consumer<ClusterKey> onChange) {
    this(rest, clock, onChange, timer());
  }

  /**
   * As the other one.
   *
   * @param timer keeps the time of the looks; is shut down when the poller is closed
   */
  public FlinkPoller(
      FlinkRest rest, Clock clock, Consumer<ClusterKey> onChange, ScheduledExecutorService timer) {
    this.rest = rest;
    this.clock = clock;
    this.onChange = onChange;
    this.timer = timer;
    timer.scheduleWithFixedDelay(this::count, COUNTED, COUNTED, TimeUnit.MILLISECONDS);
  }

  /** One thread that keeps the time. */
  public static ScheduledExecutorService timer() {
    var timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var thread = new Thread(task, "flink-poller");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  private void count() {
    var counted = new EnumMap<Pace, Integer>(Pace.class);
    watches.values().forEach(watch -> counted.merge(watch.pace(), 1, Integer::sum));
    crowds = counted;
  }

  /** How many clusters were looked at at this pace when they were last counted. */
  int crowd(Pace pace) {
    return crowds.getOrDefault(pace, 0);
  }

  /**
   * Watches a cluster from now on, or goes on with another target. An equal target changes nothing;
   * any other is looked at at once. What was seen at a former epoch, address or job is forgotten at
   * once, and so is the savepoint of a former trigger id.
   */
  public void watch(ClusterKey key, Target target) {
    var added = new PollState(target);
    var present = watches.putIfAbsent(key, added);
    if (present == null) {
      added.plan(0, planner(key, added));
    } else {
      present.retarget(target, planner(key, present));
    }
  }

  /** Watches the cluster no longer and forgets what was seen. */
  public void forget(ClusterKey key) {
    watches.remove(key);
  }

  /** The last look at the cluster's present target; empty: none yet, or not watched. */
  public Optional<FlinkObservation> latest(ClusterKey key) {
    return Optional.ofNullable(watches.get(key)).flatMap(PollState::latest);
  }

  /** Looks at nothing any more. Looks under way end within the deadline of the port, unheard. */
  @Override
  public void close() {
    watches.clear();
    timer.shutdownNow();
  }

  private LongFunction<Future<?>> planner(ClusterKey key, PollState watch) {
    return millis -> {
      try {
        return timer.schedule(() -> look(key, watch), millis, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("closed: {} is not looked at any more", key);
        return CompletableFuture.completedFuture(null);
      }
    };
  }

  private boolean watched(ClusterKey key, PollState watch) {
    return watches.get(key) == watch;
  }

  private void look(ClusterKey key, PollState watch) {
    if (watched(key, watch)) {
      watch.begin(clock.instant()).ifPresent(question -> ask(key, watch, question));
    }
  }

  private void ask(ClusterKey key, PollState watch, PollRequest question) {
    CompletableFuture<Boolean> asked;
    try {
      asked =
          rest.jobsOverview(question.target().address())
              .thenCompose(jobs -> askMore(key, watch, question, jobs));
    } catch (RuntimeException e) {
      asked = CompletableFuture.failedFuture(e);
    }
    asked
        .exceptionally(failure -> watch.unanswered(question, problem(key, failure)))
        .whenComplete((tell, failure) -> end(key, watch, question, Boolean.TRUE.equals(tell)));
  }

  private CompletableFuture<Boolean> askMore(
      ClusterKey key, PollState watch, PollRequest question, List<JobSummary> jobs) {
    var due = watched(key, watch) ? watch.due(question, jobs) : Optional.<PollParts>empty();
    if (due.isEmpty()) {
      return CompletableFuture.completedFuture(false);
    }
    return new Poll(rest, question.target(), due.get())
        .rest(jobs)
        .thenApply(answer -> watch.answered(question, due.get(), answer));
  }

  private void end(ClusterKey key, PollState watch, PollRequest question, boolean tell) {
    try {
      if (tell && watched(key, watch)) {
        onChange.accept(key);
      }
    } catch (RuntimeException e) {
      LOG.warn("{}: a change could not be told", key, e);
    } finally {
      if (watched(key, watch)) {
        var planner = planner(key, watch);
        watch.end(question, this::crowd, millis -> planner.apply(withJitter(millis)));
      }
    }
  }

  private static long withJitter(long millis) {
    return (long) (millis * ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER));
  }

  private static String problem(ClusterKey key, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof RemoteFailure remote) {
      return remote.getMessage();
    }
    LOG.warn("{}: a look at Flink failed by a fault of the operator's own", key, cause);
    return "the operator could not ask: " + cause.getClass().getSimpleName();
  }
}
