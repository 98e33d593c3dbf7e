package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.flinkrest.JobSummary;
import io.flinkcluster.operator.model.FlinkObservation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.LongFunction;
import java.util.function.ToIntFunction;

/**
 * The memory of one watched cluster. Every question has a number; an answer to another question
 * than the current one is dropped, so that nothing seen at a former target is ever taken for the
 * new one's.
 */
final class PollState {

  /**
   * A look under way.
   *
   * @param number tells it from looks at former targets
   * @param at when it was begun
   */
  record PollRequest(long number, Target target, Instant at) {}

  private Target target;
  private long number;
  private boolean looking;
  private int failures;
  private Duration pause = Duration.ZERO;
  private PolledJob facts = new PolledJob();
  private Optional<FlinkObservation> latest = Optional.empty();
  private Optional<FlinkObservation> told = Optional.empty();
  private Optional<Future<?>> timer = Optional.empty();

  PollState(Target target) {
    this.target = target;
  }

  /**
   * Takes the new target and plans a look at it for now, unless a look under way answers it too.
   *
   * @param planner plans the next look after so many milliseconds
   */
  synchronized void retarget(Target next, LongFunction<Future<?>> planner) {
    if (target.equals(next)) {
      return;
    }
    Target former = target;
    target = next;
    if (!former.sameQuestion(next)) {
      number++;
      looking = false;
      failures = 0;
      forget(former.sameJob(next));
    }
    if (!looking) {
      plan(0, planner);
    }
  }

  private void forget(boolean savepointOnly) {
    if (savepointOnly) {
      facts.savepoint = Optional.empty();
      latest = latest.map(PollState::withoutSavepoint);
    } else {
      facts = new PolledJob();
      latest = Optional.empty();
      told = Optional.empty();
    }
  }

  private static FlinkObservation withoutSavepoint(FlinkObservation seen) {
    return new FlinkObservation(
        seen.epoch(),
        seen.at(),
        seen.reachable(),
        seen.problem(),
        seen.job(),
        seen.strangeJobs(),
        seen.taskManagers(),
        Optional.empty(),
        seen.scaling(),
        seen.application(),
        seen.loads());
  }

  /** Begins a look; empty where one is under way. */
  synchronized Optional<PollRequest> begin(Instant now) {
    if (looking) {
      return Optional.empty();
    }
    looking = true;
    return Optional.of(new PollRequest(number, target, now));
  }

  /** What the second half of the look asks for; empty where the target has changed meanwhile. */
  synchronized Optional<PollParts> due(PollRequest question, List<JobSummary> jobs) {
    return isCurrent(question)
        ? Optional.of(PollParts.of(question.target(), facts, jobs, pause, question.at()))
        : Optional.empty();
  }

  /** Whether the question is still the one that is asked. */
  synchronized boolean isCurrent(PollRequest question) {
    return question.number() == number;
  }

  /** Takes what was answered; whether it is worth telling. */
  synchronized boolean answered(PollRequest question, PollParts due, Poll.Answer answer) {
    if (!isCurrent(question)) {
      return false;
    }
    // Without a graph the sources are not known yet: the slow parts stay due.
    if (due.slow() && (facts.graph().isPresent() || question.target().jobId().isEmpty())) {
      facts.slowAt = question.at();
      if (!due.sources().isEmpty() && due.lagMetrics().isEmpty()) {
        facts.listedAt = question.at();
      }
    }
    facts.summary(question.target().own(answer.jobs()), question.at());
    answer.writeTo(facts);
    if (due.graph() && question.target().loads()) {
      facts.followLoad(question.at());
    }
    failures = 0;
    return keep(facts.observation(question.target(), question.at(), answer.jobs()));
  }

  /** Takes the failure to answer; whether it is worth telling. */
  synchronized boolean unanswered(PollRequest question, String problem) {
    if (!isCurrent(question)) {
      return false;
    }
    failures++;
    return keep(FlinkObservation.unreachable(question.target().epoch(), question.at(), problem));
  }

  private boolean keep(FlinkObservation seen) {
    latest = Optional.of(seen);
    if (told.isPresent() && !Differences.worthTelling(told.get(), seen)) {
      return false;
    }
    told = latest;
    return true;
  }

  /**
   * Ends a look and plans the next, unless the target has changed: then one is planned already.
   *
   * @param crowd how many clusters are looked at at a pace
   */
  synchronized void end(
      PollRequest question, ToIntFunction<Target.Pace> crowd, LongFunction<Future<?>> planner) {
    if (isCurrent(question)) {
      looking = false;
      Target.Pace pace = target.pace();
      long millis = pace.pauseMillis(failures, crowd.applyAsInt(pace));
      pause = Duration.ofMillis(millis);
      plan(millis, planner);
    }
  }

  synchronized Target.Pace pace() {
    return target.pace();
  }

  /** Plans the next look in place of the one planned before. */
  synchronized void plan(long millis, LongFunction<Future<?>> planner) {
    timer.ifPresent(former -> former.cancel(false));
    timer = Optional.of(planner.apply(millis));
  }

  synchronized Optional<FlinkObservation> latest() {
    return latest;
  }
}
