package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.Timeouts;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.InPlaceEnds;
import io.flinkcluster.operator.decide.transition.Recovery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A checkpoint is awaited before the tasks are restarted with another size (Flink 1.20). */
public final class CheckpointingRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "JobLostWhileCheckpointing",
              "The job is lost: recover first.",
              Recovery::instead,
              DecisionState.Stopping),
          Rule.when(
              "CheckpointSuperseded",
              "The spec changed again, or the job has ended: give it up.",
              InPlaceEnds::overtaken,
              DecisionState.Running),
          Rule.when(
              "CheckpointIsThere",
              "A checkpoint has completed since, or does not come for a minute: ask Flink for the"
                  + " new size.",
              CheckpointingRules::next,
              DecisionState.Resizing),
          Rule.otherwise(
              "TriggerCheckpoint",
              "Otherwise: ask Flink for a checkpoint.",
              s -> InPlaceEnds.goingOn(s, InPlaceEnds.checkpoint(s))));

  private CheckpointingRules() {}

  private static Optional<Decision> next(Situation s) {
    Instant since = s.now().minus(Timeouts.inStage(s));
    boolean fresh =
        LaunchFacts.job(s, s.launch())
            .flatMap(j -> j.checkpoints().last())
            .filter(c -> c.triggeredAt().plus(c.duration()).isAfter(since))
            .isPresent();
    return fresh || Timeouts.longerInStage(s, InPlaceEnds.CHECKPOINT)
        ? Optional.of(InPlaceEnds.resizing(s))
        : Optional.empty();
  }
}
