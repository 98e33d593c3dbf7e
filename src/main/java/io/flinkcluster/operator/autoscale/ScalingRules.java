package io.flinkcluster.operator.autoscale;

import java.util.List;
import java.util.Optional;

/** The rules: first those that say what is wanted, then those that keep it from being done now. */
public final class ScalingRules {

  /** What is wanted, in the order in which they are asked. */
  public static final List<ScalingRule> WANTED =
      List.of(
          new ScalingRule(
              "NotNow",
              "The job does not run all its tasks, or a change is under way: wait.",
              a -> a.input().obstacle().map(why -> Answer.keep(a, "not judged now: " + why))),
          new ScalingRule(
              "OutsideBounds",
              "There are fewer TaskManagers than minReplicas or more than maxReplicas: go there.",
              ScalingRules::bounds),
          new ScalingRule(
              "MetricsUnusable",
              "What Flink tells is missing or cannot be true: change nothing.",
              ScalingRules::metrics),
          new ScalingRule(
              "JobRestarts",
              "The job failed and was restarted twice or more in the last 10 minutes: change"
                  + " nothing, since more TaskManagers do not cure that.",
              ScalingRules::restarts),
          new ScalingRule(
              "TooFewSamples",
              "The job has not yet run for stabilization.up at this size: wait.",
              ScalingRules::samples),
          new ScalingRule(
              "NoProgress",
              "Records wait and none is read: change nothing, since it is not a matter of size.",
              ScalingRules::noProgress),
          new ScalingRule(
              ChangeHistory.UNDO,
              "The last increase brought less than a fifth of what it should, and the lag grows:"
                  + " take it back.",
              ScalingRules::undo),
          new ScalingRule(
              "HoldAfterIneffective",
              "More is needed, but for the same vertex it had no effect before, or failed: wait two hours, after"
                  + " each further try twice as long, at most 8 hours.",
              ScalingRules::hold),
          new ScalingRule(
              "AtMaximum",
              "More is needed and no bound allows it: say which bound.",
              ScalingRules::maximum),
          new ScalingRule(
              "ScaleUp",
              "A vertex would have to work more than two thirds of the way from targetUtilization"
                  + " to all of its time, or the lag is above maxLag and takes longer than catchUp to work"
                  + " off: go to the size for what comes in, what waits, and what will wait during"
                  + " the rescale.",
              ScalingRules::up),
          new ScalingRule(
              "CatchingUp",
              "The sources are further behind than maxLag, or the lag grows: give nothing back.",
              ScalingRules::catchingUp),
          new ScalingRule(
              "EnoughForNow",
              "Fewer TaskManagers are enough, but not yet for stabilization.down: wait.",
              GivingBack::notYet),
          new ScalingRule(
              "SourcesSilent",
              "Nothing at all has come in for stabilization.down, as in an outage of what writes:"
                  + " wait an hour before anything is given back.",
              GivingBack::silent),
          new ScalingRule(
              "PeaksReturn",
              "Twice on the last day what was given back was needed again within three hours: give"
                  + " back only what that peak does not take with tasks that work nearly all of their"
                  + " time, and for the rest of that day nothing.",
              GivingBack::peaks),
          new ScalingRule(
              "NotWorthARescale",
              "Fewer TaskManagers are enough, but by less than two fifths: wait until they were for an"
                  + " hour without what comes in falling further, and by less than a fifth keep them.",
              GivingBack::notWorth),
          new ScalingRule(
              "StillFalling",
              "Fewer TaskManagers are enough, and for what came in lately by another fifth fewer:"
                  + " wait, so that one rescale does for both.",
              GivingBack::falling),
          new ScalingRule(
              "ScaleDown",
              "Fewer TaskManagers were enough for all of stabilization.down: give back what is not"
                  + " needed, at most maxScaleDownPercent of them at once.",
              GivingBack::down),
          new ScalingRule(
              "Keep",
              "Otherwise: the size is right.",
              a -> Optional.of(Answer.keep(a, "the size is right"))));

  /** What keeps a wanted change from being made now, in the order in which they are asked. */
  public static final List<ScalingRule> WITHHELD =
      List.of(
          new ScalingRule(
              "Frozen",
              "autoscaling.freeze is set: change nothing.",
              a ->
                  a.input().policy().freeze()
                      ? Optional.of(Answer.keep(a, "autoscaling.freeze is set"))
                      : Optional.empty()),
          new ScalingRule(
              "QuietHours",
              "It is within autoscaling.quietHours: change nothing.",
              a ->
                  a.input().policy().quietHours().stream()
                      .filter(q -> q.contain(a.input().now()))
                      .findFirst()
                      .map(q -> Answer.keep(a, "the quiet hours " + q + " last"))));

  private ScalingRules() {}

  private static Optional<Answer> bounds(Assessment a) {
    int now = a.input().replicas();
    SizingPolicy policy = a.input().policy();
    if (now < policy.minReplicas()) {
      return Optional.of(
          Answer.change(
              a,
              policy.minReplicas(),
              "%s, and minReplicas is %d"
                  .formatted(Words.taskManagers(now), policy.minReplicas())));
    }
    return now > policy.maxReplicas()
        ? Optional.of(
            Answer.change(
                a,
                policy.maxReplicas(),
                "%s, and maxReplicas is %d"
                    .formatted(Words.taskManagers(now), policy.maxReplicas())))
        : Optional.empty();
  }

  private static Optional<Answer> metrics(Assessment a) {
    return MetricsProblem.of(a.input().samples(), a.usable(), a.input().now())
        .map(why -> Answer.keep(a, "no action, the metrics cannot be used: " + why));
  }

  private static Optional<Answer> restarts(Assessment a) {
    long restarts = ChangeHistory.restarts(a.input());
    return restarts < 2
        ? Optional.empty()
        : Optional.of(
            Answer.keep(
                a,
                "the job failed and was restarted %d times in the last %s; more TaskManagers do not"
                        .formatted(restarts, Words.time(ChangeHistory.RESTARTS))
                    + " cure that, see why it fails"));
  }

  private static Optional<Answer> samples(Assessment a) {
    return a.enoughForUp()
        ? Optional.empty()
        : Optional.of(
            Answer.keep(
                    a,
                    "the job has not yet been observed for %s at this size"
                        .formatted(Words.time(a.up())))
                .next(a.covered(a.up())));
  }

  private static Optional<Answer> noProgress(Assessment a) {
    Load recent = a.recent();
    boolean stuck = recent.reading() <= 0 && recent.lag().orElse(0) > 0;
    return stuck
        ? Optional.of(
            Answer.keep(
                a,
                recent.lag().getAsLong()
                    + " records wait and none is read: what holds the job up is not its size, see"
                    + " the sinks and what they write to"))
        : Optional.empty();
  }

  private static Optional<Answer> undo(Assessment a) {
    if (a.shortage().isEmpty()) {
      return Optional.empty();
    }
    return Effect.ineffective(a)
        .map(
            c ->
                Answer.change(
                    a,
                    Math.max(a.input().policy().minReplicas(), c.from()),
                    "from %d to %d TaskManagers the sources went from %s to %s: `%s` waits for something that more tasks do not speed up, as a system it writes to or a key that one task has alone"
                        .formatted(
                            c.from(),
                            c.to(),
                            Words.rate(c.rate()),
                            Words.rate(a.recent().reading()),
                            c.bottleneck())));
  }

  private static Optional<Answer> hold(Assessment a) {
    return a.shortage()
        .flatMap(
            why ->
                Effect.holdUntil(a)
                    .map(
                        until ->
                            Answer.keep(
                                    a,
                                    why
                                        + "; more TaskManagers had no effect before, or could not be had, tried again at "
                                        + until)
                                .whyNotMore(Optional.of("more had no effect before"))
                                .next(until)));
  }

  private static Optional<Answer> maximum(Assessment a) {
    Size needed = a.needed();
    return a.shortage()
        .filter(why -> needed.replicas() <= a.input().replicas())
        .filter(why -> needed.limit().isPresent())
        .map(why -> Answer.keep(a, why).whyNotMore(needed.limit()));
  }

  private static Optional<Answer> up(Assessment a) {
    Size needed = a.needed();
    return a.shortage()
        .filter(why -> needed.replicas() > a.input().replicas())
        .map(why -> Answer.change(a, needed.replicas(), why).whyNotMore(needed.limit()));
  }

  private static Optional<Answer> catchingUp(Assessment a) {
    if (!a.lagging() && !a.lagGrows()) {
      return Optional.empty();
    }
    double seconds = a.catchUpSeconds();
    return Optional.of(
        Answer.keep(
            a,
            Double.isInfinite(seconds)
                ? "the lag grows a little"
                : "the lag is worked off in " + Words.time(seconds) + " at this size"));
  }
}
