package io.flinkcluster.operator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Each lifecycle is recorded; then it is gone through again and again, and each time the operator
 * is disturbed at another of its calls. Of each way a sample is tried, which a seed chooses, and
 * with {@code -Pcampaign} all. Costs about a minute, of two threads.
 */
@ExtendWith(Quiet.class)
class CrashPointsTest {
  private static final Path KNOWN = Path.of("src", "test", "resources", "proof", "calls.txt");
  private static List<Trial> references;

  @BeforeAll
  static void record() {
    references = Lifecycle.all().parallelStream().map(Trial::undisturbed).toList();
  }

  @Test
  void nothingIsWrongWithoutTrouble() {
    var wrong = new ArrayList<String>();
    for (Trial reference : references) {
      reference.wrong().forEach(w -> wrong.add(reference.lifecycle + ": " + w));
    }
    assertThat(wrong).isEmpty();
  }

  /** A call that is not in the list was never thought of as a point at which the operator dies. */
  @Test
  void everyCallIsKnown() throws IOException {
    var calls = new TreeSet<String>();
    references.forEach(r -> r.calls.forEach(c -> calls.add(r.lifecycle + ": " + c.what())));
    if (Boolean.getBoolean("proof.update")) {
      Files.createDirectories(KNOWN.getParent());
      Files.write(KNOWN, calls);
    }
    assertThat(calls)
        .as("calls that are recorded in %s (refresh it with -Dproof.update=true)", KNOWN)
        .containsExactlyElementsOf(Files.readAllLines(KNOWN));
  }

  @Test
  void anOperatorThatIsKilledAtACallIsReplacedWithoutATrace() {
    var points = points(r -> CrashPoints.single(r, List.of("killed before", "killed after")));
    check("The operator killed at a call", sample(points), true);
  }

  @Test
  void anAnswerThatIsLostIsNotMissed() {
    var points =
        points(r -> CrashPoints.single(r, List.of("answer lost", "not sent", "sent twice")));
    check("The answer to a call lost, the call not sent or sent twice", sample(points), true);
  }

  @Test
  void twoDeathsInARowLeaveNoTrace() {
    check("Killed, and its successor too", sample(points(r -> CrashPoints.twice(r, 6))), true);
  }

  @Test
  void aLeaderThatStandsStillWhileAnotherTakesOverIsHarmless() {
    check("Frozen while another takes over", sample(points(CrashPoints::frozen)), false);
  }

  @Test
  void aSuccessorThatIsShownAnOlderFlinkClusterIsHarmless() {
    check("A successor is shown the past", sample(points(CrashPoints::past)), true);
  }

  @Test
  void aUserWhoChangesTheSpecAtThatMomentGetsWhatIsWanted() {
    var points = points(r -> CrashPoints.writes(r, CrashPoints.EDITS.keySet()));
    check("A user acts at that moment", sample(points), false);
  }

  @Test
  void aJobManagerThatIsLostAtThatMomentLosesNoState() {
    var points = points(r -> CrashPoints.writes(r, CrashPoints.FAULTS.keySet()));
    check("The JobManager or its job fails at that moment", sample(points), false);
  }

  private static List<CrashPoints.Point> points(
      Function<Trial, List<CrashPoints.Point>> ofLifecycle) {
    return references.stream().map(ofLifecycle).flatMap(Collection::stream).toList();
  }

  /** All in the campaign, else some, which a seed chooses. */
  private static List<CrashPoints.Point> sample(List<CrashPoints.Point> points) {
    if (Campaign.on()) {
      return points;
    }
    var random = new Random(Campaign.seed());
    return Stream.generate(() -> points.get(random.nextInt(points.size())))
        .distinct()
        .limit(Math.min(Campaign.sample(), points.size()))
        .toList();
  }

  private static void check(String what, List<CrashPoints.Point> points, boolean sameEnd) {
    long began = System.nanoTime();
    Set<String> wrong = new ConcurrentSkipListSet<>();
    points.parallelStream().forEach(point -> wrong.addAll(Report.told(wrong(point, sameEnd))));
    Report.section(
        what,
        began,
        List.of(
            "%d runs over %d lifecycles, seed %d, %d wrong."
                .formatted(
                    points.size(),
                    points.stream().map(CrashPoints.Point::lifecycle).distinct().count(),
                    Campaign.seed(),
                    wrong.size())));
    assertThat(wrong).as("%d runs", points.size()).isEmpty();
  }

  private static List<String> wrong(CrashPoints.Point point, boolean sameEnd) {
    Trial trial = CrashPoints.run(point);
    Report.count(trial.verdict.premises());
    var wrong = new ArrayList<String>();
    trial.wrong().forEach(w -> wrong.add(point + ": " + w));
    if (sameEnd) {
      List<String> expected =
          references.stream()
              .filter(r -> r.lifecycle.name().equals(point.lifecycle().name()))
              .findFirst()
              .orElseThrow()
              .end();
      if (!trial.end().equals(expected)) {
        wrong.add(point + ": L3: it ends with " + difference(trial.end(), expected));
      }
    }
    return wrong;
  }

  static String difference(List<String> one, List<String> other) {
    var more = new ArrayList<>(one);
    more.removeAll(other);
    var less = new ArrayList<>(other);
    less.removeAll(one);
    return more + " instead of " + less;
  }
}
