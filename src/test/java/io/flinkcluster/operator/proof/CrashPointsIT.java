package io.flinkcluster.operator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.RenderedChart;
import io.flinkcluster.operator.judge.Verdict;
import io.flinkcluster.operator.proof.DisturbedOperator.Call;
import io.flinkcluster.operator.proof.DisturbedOperator.Trouble;
import io.flinkcluster.operator.simulation.Campaign;
import io.flinkcluster.operator.simulation.Fate;
import io.flinkcluster.operator.simulation.Report;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.Patience;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each change is recorded; then it is gone through again and again on the same cluster, and each
 * time the operator is disturbed at another of its calls. A sample, which a seed chooses; with
 * {@code -Pcampaign} all. The simulated world has the same points, and many more; here are the API
 * server, the client and the SDK.
 */
@RealApiServer
@Order(1) // a long one: it begins before the others
class CrashPointsIT {
  /** Of each story, in an ordinary run. */
  private static final int SAMPLE = 10;

  private static final Path KNOWN = Path.of("src", "test", "resources", "proof", "calls.txt");

  /**
   * What the SDK and people's tools do with a FlinkCluster, which the simulated world leaves out.
   */
  private static final Set<String> OF_THE_SDK = Set.of("patch flinkclusters", "get flinkclusters");

  private static final int SUCCESSORS_CALLS = 6;

  /** A value that a user writes where none may be. */
  private static final String SECRET = "hunter2-XYZZY";

  private static final String FROZEN = "frozen while another takes over";
  private static final String TWICE = "killed after, and the next at call ";
  private static final Map<String, Fate> FATES = Fate.disturbances();
  private static final Map<String, Consumer<Lane>> EDITS = new LinkedHashMap<>();

  static {
    EDITS.put("the spec is reverted", l -> l.spec("{image: \"flink:2.3\", suspend: false}"));
    EDITS.put("the spec changes again", l -> l.spec("image: flink:2.3-c"));
    EDITS.put("suspend", l -> l.spec("suspend: true"));
    EDITS.put("delete", Lane::delete);
    EDITS.put("savepoint token", l -> l.annotate("savepoint", "at-" + System.nanoTime()));
    EDITS.put(
        "an invalid spec",
        l -> l.spec("flinkConfiguration: {s3.secret-key: " + SECRET + "}", false));
  }

  private static final Set<String> DONE = new ConcurrentSkipListSet<>();
  private static final Set<String> CALLS = new ConcurrentSkipListSet<>();
  private static final Map<String, AtomicInteger> TRIED =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private static final AtomicInteger NOT_REACHED = new AtomicInteger();
  private static final AtomicInteger WRONG = new AtomicInteger();
  private static final AtomicInteger POINTS = new AtomicInteger();
  private static final long BEGAN = System.nanoTime();
  private static final LogLines LOG = LogLines.with(SECRET);

  /** One trial: a step, a call in it, and what happens there. */
  private record Point(Story.Step step, Call call, String mode) {
    @Override
    public String toString() {
      return "%s, %s (%d), %s".formatted(step, call.what(), call.occurrence(), mode);
    }

    boolean sameEnd() {
      return FATES.containsKey(mode) || mode.startsWith(TWICE);
    }
  }

  private final ApiServer server;

  CrashPointsIT(ApiServer server) {
    this.server = server;
  }

  /**
   * What one lane goes through.
   *
   * @param number from 0
   * @param of how many lanes share the points of the story
   */
  private record Share(Story story, int number, int of) {
    @Override
    public String toString() {
      return of == 1 ? story.name() : "%s, %d of %d".formatted(story, number + 1, of);
    }

    /** Its own; the same of each run with this seed, as far as the same calls are recorded. */
    List<Point> own(List<Point> points) {
      var own = new ArrayList<Point>();
      for (int i = number; i < points.size(); i += of) {
        own.add(points.get(i));
      }
      Collections.shuffle(own, new Random(Campaign.seed() + toString().hashCode()));
      return own;
    }
  }

  /** A lane mostly waits: a campaign would leave the processors idle with one for each story. */
  private static Stream<Share> shares(List<Story> stories) {
    int of = Campaign.on() ? 4 : 1;
    return IntStream.range(0, of)
        .boxed()
        .flatMap(number -> stories.stream().map(story -> new Share(story, number, of)));
  }

  static Stream<Share> asked() {
    String part = System.getProperty("proof.story", "");
    return shares(Story.all()).filter(share -> share.toString().contains(part));
  }

  @ParameterizedTest
  @MethodSource("asked")
  @Execution(ExecutionMode.CONCURRENT) // each has all that it uses
  void anOperatorThatIsDisturbedAtACallLosesNothing(Share share) throws Exception {
    Story story = share.story();
    var wrong = new ArrayList<String>();
    try (var lane = new Lane(server, "crash", story.spec())) {
      var references = new LinkedHashMap<Story.Step, Reference>();
      lane.recorder.marker(SECRET);
      if (story.name().equals(Story.NODES)) {
        lane.watchNodes();
      }
      lane.beginOperator(Trouble.NONE);
      for (int round = 0; round < 2; round++) { // what begins anew does more than what goes on
        for (Story.Step step : story.steps()) {
          references.put(step, reference(lane, step));
        }
      }
      wrong.addAll(told(lane, "undisturbed"));
      List<Point> points = share.own(points(references));
      POINTS.addAndGet(points.size());
      int wanted = Campaign.on() ? points.size() : Math.min(points.size(), Campaign.sample(SAMPLE));
      int reached = 0;
      for (int i = 0; i < points.size() && reached < wanted && wrong.isEmpty(); i++) {
        boolean there = tried(lane, points.get(i), references, wrong);
        reached += there ? 1 : 0;
      }
      assertThat(wrong).as("%s, seed %d", share, Campaign.seed()).isEmpty();
      if (!Campaign.on()) {
        assertThat(reached).as("points that were reached").isEqualTo(wanted);
      }
      DONE.add(share.toString());
    }
  }

  /** The calls of a step without trouble, and how it ends. */
  private record Reference(List<Call> calls, List<String> end) {}

  private static Reference reference(Lane lane, Story.Step step) throws InterruptedException {
    lane.prepare(step);
    lane.mark();
    DisturbedOperator operator = lane.undisturbed();
    step.act().accept(lane);
    if (!lane.converge(() -> step.end().test(lane))) {
      throw new AssertionError(step + " does not come to its end: " + lane.status());
    }
    List<Call> calls = operator.calls();
    calls.forEach(c -> CALLS.add(c.what()));
    return new Reference(calls, lane.rest());
  }

  private static List<Point> points(Map<Story.Step, Reference> references) {
    var points = new ArrayList<Point>();
    references.forEach(
        (step, reference) -> {
          for (Call call : reference.calls()) {
            for (String mode : modes(step, call)) {
              points.add(new Point(step, call, mode));
            }
          }
        });
    return points;
  }

  /**
   * Each kind once. What a user does there, and where the successor dies, is drawn: each of them at
   * each call is gone through in the simulated world, where it costs a thousandth.
   */
  private static List<String> modes(Story.Step step, Call call) {
    var modes = new ArrayList<>(List.of("killed before", "not sent"));
    if (call.writes()) {
      var drawn = new Random(Campaign.seed() + (step + call.toString()).hashCode());
      modes.addAll(FATES.keySet().stream().filter(m -> !modes.contains(m)).toList());
      modes.add(List.copyOf(EDITS.keySet()).get(drawn.nextInt(EDITS.size())));
      modes.add(FROZEN);
      modes.add(TWICE + (1 + drawn.nextInt(SUCCESSORS_CALLS)));
    }
    return modes;
  }

  /** Whether the call was made this time, too. */
  private static boolean tried(
      Lane lane, Point point, Map<Story.Step, Reference> references, List<String> wrong)
      throws Exception {
    Story.Step step = point.step();
    lane.prepare(step);
    lane.mark();
    DisturbedOperator operator = lane.undisturbed();
    var frozen = new AtomicReference<>(CompletableFuture.<Void>completedFuture(null));
    var begun = new AtomicBoolean();
    var reached = new AtomicBoolean();
    operator.trouble(
        call -> {
          boolean here =
              call.what().equals(point.call().what())
                  && call.occurrence() == point.call().occurrence();
          if (!here || !begun.compareAndSet(false, true)) {
            return Fate.PASSES;
          }
          try {
            return happens(lane, operator, point, frozen);
          } finally {
            reached.set(true); // not before: what a user writes takes its time
          }
        });
    step.act().accept(lane);
    BooleanSupplier there = end(lane, point);
    BooleanSupplier undisturbed = () -> step.end().test(lane);
    BooleanSupplier end = () -> (reached.get() ? there : undisturbed).getAsBoolean();
    boolean converged = lane.converge(end);
    if (converged && !reached.get()) {
      lane.rest(); // it may still come: some calls are made when all is done
    }
    if (!reached.get()) {
      operator.trouble(DisturbedOperator.Trouble.NONE); // from now on it would be the next trial's
    }
    if (begun.get() && !lane.becomes(reached::get, Patience.LONG)) {
      wrong.add(point + ": what is to happen does not come to its end");
    }
    try {
      frozen.get().get(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      wrong.add(point + ": " + e);
    }
    converged = converged && lane.converge(end);
    if (!reached.get()) {
      NOT_REACHED.incrementAndGet();
    } else {
      String kind = point.mode().replaceAll(" \\d+$", "");
      TRIED.computeIfAbsent(kind, k -> new AtomicInteger()).incrementAndGet();
    }
    var now = new ArrayList<String>();
    if (!converged) {
      now.add("it does not come to its end: " + lane.present());
    }
    List<String> expected = references.get(step).end();
    if (converged
        && point.sameEnd()
        && !lane.becomes(() -> lane.end().equals(expected), Patience.LONG)) {
      now.add("it ends with " + difference(lane.end(), expected));
    }
    now.addAll(told(lane, ""));
    now.forEach(w -> wrong.add(point + ": " + w));
    Report.told(wrong);
    WRONG.addAndGet(now.isEmpty() ? 0 : 1);
    return reached.get();
  }

  private static Fate happens(
      Lane lane,
      DisturbedOperator operator,
      Point point,
      AtomicReference<CompletableFuture<Void>> frozen) {
    String mode = point.mode();
    if (FATES.containsKey(mode)) {
      return FATES.get(mode);
    }
    if (EDITS.containsKey(mode)) {
      EDITS.get(mode).accept(lane);
      return Fate.PASSES;
    }
    if (mode.equals(FROZEN)) {
      operator.freeze();
      frozen.set(
          lane.aside(
              () -> {
                try {
                  DisturbedOperator next = lane.beginOperator(Trouble.NONE);
                  lane.recorder.await(() -> point.step().end().test(lane), Duration.ofSeconds(30));
                  operator.thaw();
                  assertThat(next.dead()).isFalse();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }));
      return Fate.PASSES;
    }
    int next = Integer.parseInt(mode.substring(TWICE.length()));
    var calls = new AtomicInteger();
    lane.succeed(call -> calls.incrementAndGet() == next ? Fate.DIES_AFTER : Fate.PASSES);
    return Fate.DIES_AFTER;
  }

  private static BooleanSupplier end(Lane lane, Point point) {
    return switch (point.mode()) {
      case "delete" -> lane::gone;
      case "an invalid spec" ->
          () -> lane.refused() || lane.gone() || lane.settled("Suspended") && lane.refused();
      default ->
          EDITS.containsKey(point.mode())
              ? () -> lane.asWanted()
              : () -> point.step().end().test(lane);
    };
  }

  /** What the judge says since it was asked last. */
  private static List<String> told(Lane lane, String when) throws InterruptedException {
    Verdict verdict = lane.recorder.judge();
    Report.count(verdict.premises());
    return verdict.violations().stream().limit(4).map(v -> (when + " " + v).strip()).toList();
  }

  private static String difference(List<String> one, List<String> other) {
    var more = new ArrayList<>(one);
    more.removeAll(other);
    var less = new ArrayList<>(other);
    less.removeAll(one);
    return more + " instead of " + less;
  }

  @AfterAll
  static void report() throws IOException {
    LOG.close();
    int tried = TRIED.values().stream().mapToInt(AtomicInteger::get).sum();
    Report.section(
        "The operator disturbed at a call, on a real API server",
        BEGAN,
        List.of(
            "%d of %d points of %d lanes, seed %d, %d wrong; %d more calls did not come again."
                .formatted(
                    tried,
                    POINTS.get(),
                    DONE.size(),
                    Campaign.seed(),
                    WRONG.get(),
                    NOT_REACHED.get()),
            "",
            "How often: " + TRIED));
    if (DONE.size() < shares(Story.all()).count()) {
      return; // some have failed, or were not asked for
    }
    assertThat(Campaign.on() || tried >= Campaign.sample(SAMPLE) * DONE.size()).isTrue();
    assertThat(LOG.found()).as("lines of the log with a secret value").isEmpty();
    assertThat(LOG.lines()).isPositive();
    everyCallIsKnown();
    everyRightIsUsed();
  }

  /**
   * A call that the recordings do not have was never thought of as a point to die at. Where an API
   * server is too slow to answer that it has made an object, the object is read.
   */
  private static void everyCallIsKnown() throws IOException {
    var known = new TreeSet<String>(OF_THE_SDK);
    for (String line : Files.readAllLines(KNOWN)) {
      String call = line.substring(line.lastIndexOf(": ") + 2);
      known.add(call);
      known.add(call.replaceFirst("^patch ([a-z]+)$", "get $1"));
    }
    assertThat(known).containsAll(CALLS);
  }

  /** Rights of the chart that these stories do not need, and what does. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "/events list", "FailureIT: why a pod does not come up; here only if one takes long",
          "/pods create", "RemovalIT: a savepoint is removed without Flink",
          "/pods delete", "RemovalIT",
          "/pods get", "RemovalIT");

  /**
   * A server-side apply, which is a patch, needs the right to create as well; and where an object
   * that is not in the cache is to be made, its name is read first, which not every sample sees.
   */
  private static boolean isForApplying(String right) {
    String resource = right.substring(0, right.indexOf(' '));
    return (right.endsWith(" create") || right.endsWith(" get"))
        && !resource.endsWith("/status")
        && DisturbedOperator.ASKED.contains(resource + " patch");
  }

  /** What the operators asked for they were granted, or they would have failed. */
  private static void everyRightIsUsed() {
    var unused =
        new TreeSet<>(
            RenderedChart.in("any", "watchNamespaces: [any]", "nodes: {watch: true}")
                .rights("leader-election"));
    assertThat(unused).isNotEmpty();
    unused.removeAll(DisturbedOperator.ASKED);
    unused.removeIf(CrashPointsIT::isForApplying);
    unused.removeAll(ELSEWHERE.keySet());
    assertThat(unused).as("rights that nothing needs").isEmpty();
  }
}
