package io.flinkcluster.operator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.judge.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Histories that nobody thought of: changes of the spec, valid and not, returns to earlier ones,
 * and what the world does in between, at any distance from one another. A history that fails is cut
 * to the shortest that still does, and told in target/proof; {@code -Dproof.history=SEED} replays
 * one. With {@code -Pcampaign} ten thousand.
 */
@ExtendWith(Quiet.class)
class RandomHistoriesTest {
  private static final String C = Lifecycle.C;
  private static final int LENGTH = 7;
  private static final Map<String, Consumer<World>> ACTS = new LinkedHashMap<>();

  static {
    ACTS.put("image a", w -> w.spec(C, "image: \"flink:2.3\""));
    ACTS.put("image b", w -> w.spec(C, "image: flink:2.3-b"));
    ACTS.put("image c", w -> w.spec(C, "image: flink:2.3-c"));
    ACTS.put("two", w -> w.spec(C, "{job: {parallelism: 2}, taskManager: {replicas: 2}}"));
    ACTS.put("one", w -> w.spec(C, "{job: {parallelism: 1}, taskManager: {replicas: 1}}"));
    ACTS.put("suspend", w -> w.spec(C, "suspend: true"));
    ACTS.put("resume", w -> w.spec(C, "suspend: false"));
    ACTS.put("last checkpoint", w -> w.spec(C, "job: {upgradeMode: LastCheckpoint}"));
    ACTS.put("savepoint mode", w -> w.spec(C, "job: {upgradeMode: Savepoint}"));
    ACTS.put("invalid", w -> w.spec(C, "flinkConfiguration: {rest.port: \"1\"}", false));
    ACTS.put("valid again", w -> w.spec(C, "flinkConfiguration: null"));
    ACTS.put("savepoint token", w -> w.annotate(C, "savepoint", "at " + w.time.now()));
    ACTS.put("restart token", w -> w.annotate(C, "restart", "at " + w.time.now()));
    ACTS.put("operator restarts", World::restartOperator);
    ACTS.putAll(CrashPoints.FAULTS);
  }

  private record Step(String act, long before) {}

  private static List<Step> steps(long seed) {
    var random = new Random(seed);
    var names = List.copyOf(ACTS.keySet());
    var steps = new ArrayList<Step>();
    for (int i = 0; i < LENGTH; i++) {
      long before = random.nextInt(3) == 0 ? 60_000 : random.nextInt(6_000);
      steps.add(new Step(names.get(random.nextInt(names.size())), before));
    }
    return steps;
  }

  private static String spec(long seed) {
    return switch ((int) Math.floorMod(seed, 3L)) {
      case 0 -> SampleCluster.STATEFUL;
      case 1 -> SampleCluster.STATEFUL + "rescale: {mode: InPlace}\n";
      default -> SampleCluster.STATEFUL + "highAvailability: {enabled: true}\n";
    };
  }

  /** What is wrong with this history; empty: nothing. */
  private static List<String> wrong(long seed, List<Step> steps) {
    return wrong(world(seed, steps));
  }

  private static List<String> wrong(World world) {
    var verdict = world.judge();
    Report.count(verdict.premises());
    return verdict.violations().stream().limit(3).map(Violation::toString).toList();
  }

  private static World world(long seed, List<Step> steps) {
    var world = new World();
    world.beginOperator();
    Lifecycle.running(spec(seed)).accept(world);
    for (Step step : steps) {
      world.pass(step.before());
      ACTS.get(step.act()).accept(world);
    }
    world.pass(5_000);
    world.spec(C, "flinkConfiguration: null");
    world.converge(C, () -> Lifecycle.asWanted(world));
    world.rest(240_000);
    world.delete(C);
    world.converge(
        C,
        () ->
            world.gone(C)
                && world.api.list("pods").isEmpty()
                && world.api.list("replicasets").isEmpty());
    return world;
  }

  private static String shortest(long seed, List<Step> steps) {
    List<Step> best = steps;
    boolean shorter = true;
    while (shorter) {
      shorter = false;
      for (int i = 0; i < best.size(); i++) {
        var fewer = new ArrayList<>(best);
        fewer.remove(i);
        if (!wrong(seed, fewer).isEmpty()) {
          best = fewer;
          shorter = true;
          break;
        }
      }
    }
    World world = world(seed, best);
    Report.history("history-" + seed, world.history.events());
    return "seed " + seed + ", " + best + ": " + wrong(world);
  }

  @Test
  void loseNothing() {
    long began = System.nanoTime();
    Long one = Long.getLong("proof.history");
    long[] seeds =
        one != null
            ? new long[] {one}
            : LongStream.range(0, Campaign.on() ? 10_000 : Campaign.sample() / 8)
                .map(i -> Campaign.seed() + i)
                .toArray();
    Set<String> wrong = new ConcurrentSkipListSet<>();
    LongStream.of(seeds)
        .parallel()
        .forEach(
            seed -> {
              List<Step> steps = steps(seed);
              if (!wrong(seed, steps).isEmpty() && wrong.size() < 20) {
                wrong.addAll(Report.told(List.of(shortest(seed, steps))));
              }
            });
    Report.section(
        "Random histories",
        began,
        List.of(
            "%d histories of %d acts, first seed %d, %d wrong."
                .formatted(seeds.length, LENGTH, Campaign.seed(), wrong.size())));
    assertThat(wrong).isEmpty();
  }
}
