package io.flinkcluster.operator.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkcluster.operator.judge.Event;
import io.flinkcluster.operator.judge.Verdict;
import io.flinkcluster.operator.judge.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** A lifecycle that was gone through once, with or without trouble. */
final class Trial {
  private static final long QUIET = 240_000;

  final Lifecycle lifecycle;
  final World world;

  /** The calls of the first process since the change began. */
  final List<Interference.Call> calls;

  final boolean converged;
  final Verdict verdict;

  private Trial(
      Lifecycle lifecycle, World world, List<Interference.Call> calls, boolean converged) {
    this.lifecycle = lifecycle;
    this.world = world;
    this.calls = calls;
    this.converged = converged;
    this.verdict = world.judge();
  }

  /** Without any trouble. */
  static Trial undisturbed(Lifecycle lifecycle) {
    return run(lifecycle, new World(), (w, o) -> Interference.NONE, lifecycle.end());
  }

  /**
   * Goes through a lifecycle.
   *
   * @param trouble what happens to the calls since the change began; they are numbered from 1
   */
  static Trial run(
      Lifecycle lifecycle,
      World world,
      BiFunction<World, OperatorProcess, Interference> trouble,
      Predicate<World> end) {
    OperatorProcess first = world.beginOperator();
    lifecycle.prepare().accept(world);
    int before = first.calls.size();
    Interference interference = trouble.apply(world, first);
    first.interfere(
        call ->
            interference.of(
                new Interference.Call(call.number() - before, call.what(), call.writes())));
    lifecycle.act().accept(world);
    boolean converged = world.converge(Lifecycle.C, () -> end.test(world));
    world.operators().forEach(o -> o.interfere(Interference.NONE));
    if (converged && lifecycle.rests()) {
      world.rest(QUIET);
    }
    return new Trial(
        lifecycle, world, List.copyOf(first.calls.subList(before, first.calls.size())), converged);
  }

  /**
   * What is the case in the end, without what differs from run to run: which objects there are, and
   * which start, phase and number of savepoints and runs.
   */
  List<String> end() {
    var all = new TreeSet<String>();
    for (String kind : SimulatedApiServer.KINDS.keySet()) {
      if (kind.equals("events") || kind.equals("pods") || kind.equals("replicasets")) {
        continue;
      }
      for (JsonNode object : world.api.list(kind)) {
        all.add(
            kind
                + " "
                + object.at("/metadata/name").asText()
                + " "
                + object.at("/spec/replicas").asText(""));
      }
    }
    var end = new ArrayList<>(all);
    world
        .status(Lifecycle.C)
        .ifPresent(
            s -> {
              end.add("phase " + s.path("phase").asText());
              end.add("epoch " + s.at("/launch/epoch").asText());
            });
    if (lifecycle.rests()) {
      end.add(
          "savepoints "
              + count(Event.SnapshotTaken.class, s -> ((Event.SnapshotTaken) s).savepoint()));
      end.add("processes " + count(Event.ProcessBegan.class, s -> true));
    }
    return end;
  }

  private long count(Class<? extends Event> kind, Predicate<Event> which) {
    return world.history.events().stream().filter(kind::isInstance).filter(which).count();
  }

  /** What is wrong; empty: nothing. */
  List<String> wrong() {
    var wrong = new ArrayList<String>();
    verdict.violations().stream().limit(4).map(Violation::toString).forEach(wrong::add);
    if (!wrong.isEmpty()) {
      world.failures().stream().limit(1).forEach(f -> wrong.add("reconcile ended with " + f));
    }
    return wrong;
  }
}
