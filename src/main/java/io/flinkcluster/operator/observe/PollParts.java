package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.flinkrest.JobGraph;
import io.flinkcluster.operator.flinkrest.JobGraph.Vertex;
import io.flinkcluster.operator.flinkrest.JobSummary;
import io.flinkcluster.operator.model.SavepointProgress;
import io.flinkcluster.operator.observe.Target.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which parts the second half of a look asks for, beside the checkpoints, which are always due:
 * their path is what a lost job is brought back from.
 *
 * @param slow whether the slow parts are due
 * @param flushedIn the TaskManager whose threads tell whether output is flushed by time
 * @param explains number of restarts that the failure asked for explains
 * @param sources source vertices whose lag is due
 * @param lagMetrics names of their metrics, as far as they are known and not to be asked for anew
 * @param application whether it is asked if the application has ended without a job, or why it has
 *     cancelled it
 */
record PollParts(
    boolean slow,
    boolean taskManagers,
    boolean savepoint,
    boolean requirements,
    boolean graph,
    boolean bufferTimeout,
    Optional<String> flushedIn,
    boolean restarts,
    boolean failure,
    long explains,
    List<Vertex> sources,
    Map<String, List<String>> lagMetrics,
    boolean application) {

  /** Flink refreshes metrics every 10 s and the graph every 3 s: more often brings nothing new. */
  private static final Duration SLOW_HOT = Duration.ofSeconds(5);

  private static final Duration SLOW_CALM = Duration.ofSeconds(15);

  /** Names of metrics tell how many partitions a source reads; a topic may be given more. */
  private static final Duration LISTED = Duration.ofMinutes(2);

  /** Threads are not asked for more often; the answer is large. */
  private static final int MOST_ASKED = 5;

  private static final Set<String> FAILING = Set.of("FAILING", "FAILED", "RESTARTING");

  /**
   * What is due.
   *
   * @param pause between this look and the one before
   */
  static PollParts of(
      Target target, PolledJob facts, List<JobSummary> jobs, Duration pause, Instant now) {
    var job = target.own(jobs);
    boolean hot = target.pace() != Pace.SLOW;
    boolean slow = !now.isBefore(facts.slowAt.plus(hot ? SLOW_HOT : calm(pause)));
    boolean changed = !job.map(PollParts::face).equals(facts.summary.map(PollParts::face));
    boolean living = job.isPresent() && !job.get().ended();
    boolean stale =
        job.isPresent() && job.get().tasksTotal() != facts.graph().map(JobGraph::tasks).orElse(0);
    List<Vertex> sources =
        slow && living
            ? facts.graph().map(JobGraph::vertices).orElse(List.of()).stream()
                .filter(Vertex::source)
                .toList()
            : List.of();
    return new PollParts(
        slow,
        hot || slow || changed,
        savepoint(target, facts),
        target.adaptive() && living && (hot || slow || changed),
        changed || stale || (slow && living),
        facts.bufferTimeout.isEmpty() && (slow || changed),
        slow ? flushedIn(job, facts) : Optional.empty(),
        slow && living,
        failure(job, facts, slow, changed),
        facts.restarts,
        sources,
        listed(target, facts, now) ? Map.copyOf(facts.lagMetrics) : Map.of(),
        application(target, job, facts));
  }

  /** With every third look, so that the requests of many clusters become fewer with their looks. */
  private static Duration calm(Duration pause) {
    Duration third = pause.multipliedBy(3);
    return third.compareTo(SLOW_CALM) > 0 ? third : SLOW_CALM;
  }

  /** Whether the names are known; partitions may be added to a topic while the job runs. */
  private static boolean listed(Target target, PolledJob facts, Instant now) {
    return !target.loads() || now.isBefore(facts.listedAt.plus(LISTED));
  }

  /** Until it is known: one TaskManager after the other, since one may have no task that sends. */
  private static Optional<String> flushedIn(Optional<JobSummary> job, PolledJob facts) {
    boolean running = job.filter(PolledJob::allRunning).isPresent();
    boolean sends =
        facts.graph().filter(g -> g.vertices().stream().anyMatch(Vertex::feeds)).isPresent();
    boolean open = facts.flushed.isEmpty() && facts.flushedAsked < MOST_ASKED;
    return running && sends && open && !facts.taskManagers.isEmpty()
        ? Optional.of(facts.taskManagers.get(facts.flushedAsked % facts.taskManagers.size()).id())
        : Optional.empty();
  }

  /** Until Flink has told how it ended; that does not change any more. */
  private static boolean savepoint(Target target, PolledJob facts) {
    boolean settled =
        facts
            .savepoint
            .filter(
                seen ->
                    seen instanceof SavepointProgress.Completed
                        || seen instanceof SavepointProgress.Failed)
            .isPresent();
    return target.jobId().isPresent() && target.triggerId().isPresent() && !settled;
  }

  private static boolean failure(
      Optional<JobSummary> job, PolledJob facts, boolean slow, boolean changed) {
    boolean failing = job.filter(seen -> FAILING.contains(seen.state())).isPresent();
    boolean unconfirmed =
        slow || changed || facts.failure.isEmpty(); // Flink's own answer is cached
    return (failing && unconfirmed) || (slow && facts.restarts > facts.explainedRestarts);
  }

  /** While there is no job, or Flink has cancelled it for the sake of its application. */
  private static boolean application(Target target, Optional<JobSummary> job, PolledJob facts) {
    boolean open = job.isEmpty() || job.get().state().equals("CANCELED");
    return target.applications()
        && target.jobId().isPresent()
        && open
        && facts.application().isEmpty();
  }

  private static List<Object> face(JobSummary job) {
    return List.of(job.state(), job.changedAt(), job.tasksTotal());
  }
}
