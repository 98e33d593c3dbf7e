package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.Situation;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One rule of a state. The first rule of the state's list that answers decides.
 *
 * @param name unique; told in the status, in the log and in a metric
 * @param does when it answers and what it does then, one English sentence
 * @param leadsTo states that its answer may lead to; empty: the state stays as it is
 * @param answer the decision; empty: the rule has nothing to say here
 */
public record Rule(
    String name,
    String does,
    Set<DecisionState> leadsTo,
    Function<Situation, Optional<Decision>> answer) {

  /** A rule that may say nothing. */
  public static Rule when(
      String name,
      String does,
      Function<Situation, Optional<Decision>> answer,
      DecisionState... leadsTo) {
    Set<DecisionState> states = EnumSet.noneOf(DecisionState.class);
    states.addAll(Set.of(leadsTo));
    return new Rule(name, does, Set.copyOf(states), answer);
  }

  /** A rule that always answers; the last of its list. */
  public static Rule otherwise(
      String name, String does, Function<Situation, Decision> answer, DecisionState... leadsTo) {
    return when(name, does, s -> Optional.of(answer.apply(s)), leadsTo);
  }
}
