package io.flinkcluster.operator.decide.rehearsal;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decider;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The decisions of the operator from a situation on, until the first operation that they begin has
 * ended, or until nothing is left to be done.
 *
 * @param operation the operation as it would be recorded at its end; empty: none would begin. Its
 *     moments and durations mean nothing, its steps and its result do
 * @param begun the operation as it was first recorded; empty where there is none
 * @param states the states that it walks through, in this order, without repetitions
 * @param rules names of the rules that decided, in this order, without repetitions
 * @param findings what a person would be told at the end: why nothing is done, for instance
 */
public record Rehearsal(
    Optional<OperationRecord> operation,
    Optional<OperationStatus> begun,
    List<DecisionState> states,
    List<String> rules,
    List<ConditionCause> findings) {

  /** Far more than any operation takes. */
  private static final int ROUNDS = 60;

  /** As if the operator looked again after this time. */
  private static final Duration PACE = Duration.ofSeconds(3);

  /**
   * Plays it through. Nothing of the situation is changed.
   *
   * @param situation without an operation under way; of what was seen only the moment is used
   * @param world what exists at the beginning
   */
  static Rehearsal of(Situation situation, WorldAsWished world) {
    var states = new ArrayList<DecisionState>();
    var rules = new ArrayList<String>();
    Optional<OperationStatus> begun = Optional.empty();
    Situation s = situation;
    for (int round = 0; round < ROUNDS; round++) {
      s = world.seen(s);
      Decision decision = Decider.decide(s);
      note(states, Decider.state(s.withRecorded(decision.recorded())));
      note(rules, decision.rule());
      RecordedState next = decision.recorded();
      begun = begun.or(next::operation);
      if (begun.isPresent() && next.operation().isEmpty()) {
        return new Rehearsal(
            next.operations().stream().findFirst(), begun, states, rules, decision.causes());
      }
      boolean settled = next.equals(s.recorded());
      s = s.withRecorded(next);
      if (settled) {
        world.follow(decision);
        if (begun.isEmpty()) {
          break;
        }
      }
      world.pass(PACE);
    }
    return new Rehearsal(Optional.empty(), begun, states, rules, Decider.decide(s).causes());
  }

  /**
   * Plays it through from a cluster that is as its status says: a start that is not stopped runs
   * all its tasks.
   *
   * @param situation what it says of the world is not used, but for its moment
   */
  public static Rehearsal of(Situation situation) {
    return of(situation, WorldAsWished.before(situation));
  }

  private static <T> void note(List<T> list, T value) {
    if (list.isEmpty() || !list.get(list.size() - 1).equals(value)) {
      list.add(value);
    }
  }
}
