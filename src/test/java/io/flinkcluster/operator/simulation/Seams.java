package io.flinkcluster.operator.simulation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.flinkcluster.operator.decide.Decider;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Where the operator can be broken on purpose; as it is, nothing is. */
class Seams {
  static final Seams NONE = new Seams();

  /** What a process decides. */
  Function<Situation, Decision> decider() {
    return Decider::decide;
  }

  /** How it speaks to Flink. */
  FlinkRest rest(FlinkRest port, World world) {
    return port;
  }

  /** What it sends to the API server; null: nothing, and 200 is answered. */
  SimulatedApiServer.Request request(SimulatedApiServer.Request request, World world) {
    return request;
  }

  /** Answered without the API server; null: the API server answers. */
  SimulatedApiServer.Answer instead(SimulatedApiServer.Request request, OperatorProcess operator) {
    return null;
  }

  /** What it is answered. */
  SimulatedApiServer.Answer answer(
      SimulatedApiServer.Request request, SimulatedApiServer.Answer answer) {
    return answer;
  }

  /** What it makes of a refusal. */
  SimulatedApiServer.Answer refused(
      SimulatedApiServer.Request request, SimulatedApiServer.Answer answer) {
    return answer;
  }

  /** What its caches show. */
  <R extends HasMetadata> Stream<R> cached(Class<R> kind, Stream<R> objects) {
    return objects;
  }

  /** Whether it looks at a cluster at all. */
  boolean reconciles(String cluster, int failuresInARow, World world) {
    return true;
  }

  /** Whether a process that leads no more ends with the pass that it is in. */
  boolean endsWithItsLease() {
    return true;
  }

  /** What becomes of a decision's effect on the world; called after each pass. */
  void afterPass(World world, OperatorProcess operator) {}

  /** The decider with its situation or its decision changed. */
  static Function<Situation, Decision> decider(
      UnaryOperator<Situation> before, UnaryOperator<Decision> after) {
    return situation -> after.apply(Decider.decide(before.apply(situation)));
  }
}
