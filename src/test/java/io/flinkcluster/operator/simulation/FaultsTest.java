package io.flinkcluster.operator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An API server that refuses, is slow or shows the past, and a Flink that fails, at any moment of
 * any lifecycle. A sample in every run, all of it with {@code -Pcampaign}.
 */
@ExtendWith(Quiet.class)
class FaultsTest {

  /** Trouble that ends by itself. */
  private record Fault(String name, Consumer<World> begin) {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Case(Lifecycle lifecycle, Fault fault, int call) {
    @Override
    public String toString() {
      return lifecycle + ", from call " + call + ": " + fault;
    }
  }

  private static final long A_WHILE = 30_000;

  private static Fault answers(Fate fate) {
    return new Fault(
        "the API server answers " + fate + " for 30 s",
        w -> {
          w.fault(fate.name());
          OperatorProcess operator = w.operator();
          operator.interfere(call -> fate);
          w.time.after(A_WHILE, () -> operator.interfere(Interference.NONE));
        });
  }

  private static Fault sometimes(Fate fate) {
    return new Fault(
        "every third request is answered " + fate + " for 30 s",
        w -> {
          w.fault(fate.name());
          OperatorProcess operator = w.operator();
          operator.interfere(call -> call.number() % 3 == 0 ? fate : Fate.PASSES);
          w.time.after(A_WHILE, () -> operator.interfere(Interference.NONE));
        });
  }

  private static List<Fault> api() {
    var faults = new ArrayList<Fault>();
    for (var fate :
        List.of(
            Fate.CONFLICT,
            Fate.NOT_FOUND,
            Fate.GONE,
            Fate.INVALID,
            Fate.TOO_MANY,
            Fate.FORBIDDEN,
            Fate.FAILS,
            Fate.UNAVAILABLE,
            Fate.NOT_SENT,
            Fate.ANSWER_LOST)) {
      faults.add(sometimes(fate));
      if (fate == Fate.UNAVAILABLE || fate == Fate.NOT_SENT) {
        faults.add(answers(fate));
      }
    }
    faults.add(
        new Fault(
            "the watches are silent for 30 s",
            w -> {
              w.fault("silent watches");
              OperatorProcess operator = w.operator();
              operator.freezeCaches();
              w.time.after(A_WHILE, operator::thawCaches);
            }));
    faults.add(
        new Fault(
            "no pods by quota for 30 s",
            w -> {
              w.fault("quota");
              w.kubernetes.quota = true;
              w.time.after(
                  A_WHILE,
                  () -> {
                    w.kubernetes.quota = false;
                    w.kubernetes.retry();
                    w.api.list("deployments").forEach(d -> touch(w, d));
                  });
            }));
    return faults;
  }

  private static void touch(World w, com.fasterxml.jackson.databind.node.ObjectNode deployment) {
    var copy = deployment.deepCopy();
    ((com.fasterxml.jackson.databind.node.ObjectNode) copy.get("metadata")).put("touched", true);
    w.api.put("", "deployments", copy);
  }

  private static Fault rest(SimulatedJobManager.Rest rest) {
    return new Fault(
        "JobManagers: " + rest + " for 20 s",
        w -> {
          w.fault(rest.name());
          w.flink.jobManagers().forEach(j -> j.rest = rest);
          w.flink.restOfNew = rest;
          w.time.after(
              20_000,
              () -> {
                w.flink.jobManagers().forEach(j -> j.rest = SimulatedJobManager.Rest.ANSWERS);
                w.flink.restOfNew = SimulatedJobManager.Rest.ANSWERS;
              });
        });
  }

  private static Fault savepoints(SimulatedFlink.Savepoints savepoints) {
    return new Fault(
        "savepoints: " + savepoints + " for 20 s",
        w -> {
          w.fault(savepoints.name());
          w.flink.savepoints = savepoints;
          w.time.after(20_000, () -> w.flink.savepoints = SimulatedFlink.Savepoints.COMPLETE);
        });
  }

  private static List<Fault> flink() {
    var faults = new ArrayList<Fault>();
    for (var rest : SimulatedJobManager.Rest.values()) {
      if (rest != SimulatedJobManager.Rest.ANSWERS) {
        faults.add(rest(rest));
      }
    }
    for (var savepoints : SimulatedFlink.Savepoints.values()) {
      if (savepoints != SimulatedFlink.Savepoints.COMPLETE
          && savepoints != SimulatedFlink.Savepoints.HANG) {
        faults.add(savepoints(savepoints));
      }
    }
    faults.add(
        new Fault(
            "the storage denies for 20 s",
            w -> {
              w.fault("storage denies");
              w.storage.denies = true;
              w.time.after(20_000, () -> itAnswersAgain(w));
            }));
    faults.add(
        new Fault(
            "the job fails for good",
            w -> {
              w.fault("the job fails");
              w.job(Lifecycle.C)
                  .filter(j -> !j.ended())
                  .ifPresent(j -> w.flink.fail(j, "java.lang.IllegalStateException: no"));
              w.annotate(Lifecycle.C, "restart", "after the failure");
            }));
    CrashPoints.FAULTS.forEach((name, begin) -> faults.add(new Fault(name, begin)));
    return faults;
  }

  /** A job that has failed for good at its very first start is not started again unasked. */
  private static void itAnswersAgain(World w) {
    w.storage.denies = false;
    boolean neverRan =
        w.cluster(Lifecycle.C)
            .map(c -> c.path("status"))
            .filter(s -> s.path("phase").asText().equals("Failed"))
            .filter(s -> s.path("lastStable").isMissingNode())
            .isPresent();
    if (neverRan) {
      w.annotate(Lifecycle.C, "restart", "the storage answers again");
    }
  }

  @Test
  void ofTheApiServerAreSurvived() {
    check("The API server refuses, breaks off or shows the past", cases(api()));
  }

  @Test
  void ofFlinkAreSurvived() {
    check("Flink hangs, fails, forgets, or is replaced", cases(flink()));
  }

  /** Three moments of each lifecycle. */
  private static List<Case> cases(List<Fault> faults) {
    var cases = new ArrayList<Case>();
    for (Lifecycle lifecycle : Lifecycle.all()) {
      for (Fault fault : faults) {
        for (int call : new int[] {1, 8, 16}) {
          cases.add(new Case(lifecycle, fault, call));
        }
      }
    }
    return cases;
  }

  private static void check(String what, List<Case> all) {
    long began = System.nanoTime();
    var random = new Random(Campaign.seed());
    List<Case> cases =
        Campaign.on()
            ? all
            : Stream.generate(() -> all.get(random.nextInt(all.size())))
                .distinct()
                .limit(Campaign.sample())
                .toList();
    Set<String> wrong = new ConcurrentSkipListSet<>();
    cases.parallelStream()
        .forEach(
            c -> Report.told(run(c).stream().map(w -> c + ": " + w).toList()).forEach(wrong::add));
    Report.section(
        what,
        began,
        List.of(
            "%d runs of %d, seed %d, %d wrong."
                .formatted(cases.size(), all.size(), Campaign.seed(), wrong.size())));
    assertThat(wrong).isEmpty();
  }

  private static List<String> run(Case c) {
    Predicate<World> end =
        w ->
            c.lifecycle().end().test(w)
                || Lifecycle.asWanted(w)
                || c.lifecycle().name().startsWith("session") && w.settled(Lifecycle.C, "Running");
    Trial trial =
        Trial.run(
            c.lifecycle(),
            new World(),
            (w, o) ->
                call -> {
                  if (call.number() == c.call()) {
                    c.fault().begin().accept(w);
                  }
                  return Fate.PASSES;
                },
            end);
    Report.count(trial.verdict.premises());
    return trial.wrong();
  }

  /** What the generated cases are made of. */
  static Map<String, Integer> sizes() {
    var sizes = new LinkedHashMap<String, Integer>();
    sizes.put("api", cases(api()).size());
    sizes.put("flink", cases(flink()).size());
    return sizes;
  }
}
