package io.flinkcluster.operator.replay;

import io.flinkcluster.operator.autoscale.Evaluation;
import io.flinkcluster.operator.autoscale.EvaluationInput;
import io.flinkcluster.operator.autoscale.Evaluator;
import io.flinkcluster.operator.autoscale.SizeChange;
import io.flinkcluster.operator.model.LoadSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What autoscaling would have decided.
 *
 * @param decisions each evaluation, oldest first
 * @param summary what it comes to
 */
public record Replay(List<Decision> decisions, ReplaySummary summary) {

  /** Evaluations that are nearer to one another than this are not made. */
  private static final Duration EACH = Duration.ofSeconds(13);

  /** So many changes of size are remembered, as in the status. */
  private static final int CHANGES = 10;

  /**
   * One evaluation.
   *
   * @param evaluation what it found and wants
   * @param estimated whether what it rests on is estimated, since the job had another size when it
   *     was recorded
   */
  public record Decision(Evaluation evaluation, boolean estimated) {}

  /**
   * Evaluates moment by moment, at the times of the recording, and lets each wanted size come true.
   *
   * @throws RecordingException where recording and settings contradict each other
   */
  public static Replay of(Recording recording, ReplaySettings settings) {
    return new Run(recording, settings).replay();
  }

  private static final class Run {
    private final Recording recording;
    private final ReplaySettings settings;
    private final ReplayedSize size;
    private final ReplayTotals totals;
    private final List<LoadSample> samples = new ArrayList<>();
    private final List<SizeChange> changes = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private Optional<Instant> before = Optional.empty();
    private boolean obstructed;
    private Optional<Instant> evaluated = Optional.empty();

    Run(Recording recording, ReplaySettings settings) {
      this.recording = recording;
      this.settings = settings;
      this.size = new ReplayedSize(first(recording, settings), settings);
      this.totals = new ReplayTotals(settings);
    }

    Replay replay() {
      for (RecordedMoment m : recording.moments()) {
        Duration since = before.map(b -> Duration.between(b, m.at())).orElse(Duration.ZERO);
        if (since.compareTo(Recording.GAP) > 0) {
          samples.clear();
          since = Duration.ZERO;
        }
        totals.add(since, size.paid(), size.recorded(m));
        size.at(m).ifPresent(this::keep);
        totals.lag(m, since, size);
        boolean due =
            evaluated.filter(e -> Duration.between(e, m.at()).compareTo(EACH) < 0).isEmpty();
        if (due) {
          evaluate(m);
        }
        obstructed = m.obstacle().isPresent();
        before = Optional.of(m.at());
      }
      return new Replay(List.copyOf(decisions), totals.summary());
    }

    private void keep(LoadSample sample) {
      samples.add(sample);
      if (samples.size() > LoadSample.KEPT) {
        samples.remove(0);
      }
    }

    private void evaluate(RecordedMoment m) {
      // The recorded operator looked between two moments: what it began is in the way only then.
      boolean begins = !obstructed && m.sample().isPresent() && m.runningSince().isPresent();
      Optional<String> recorded = begins ? Optional.empty() : m.obstacle();
      Optional<String> obstacle = size.changing() ? Optional.of("a change is under way") : recorded;
      Evaluation evaluation =
          Evaluator.evaluate(
              new EvaluationInput(
                  m.at(),
                  obstacle,
                  obstacle.isPresent() ? Optional.empty() : size.runningSince(m),
                  size.replicas(),
                  settings.slots(),
                  settings.maxParallelism(),
                  samples,
                  changes,
                  settings.downtime(),
                  settings.policy()));
      decisions.add(new Decision(evaluation, size.estimated()));
      evaluated = Optional.of(m.at());
      evaluation
          .change()
          .ifPresent(
              change -> {
                changes.add(0, asInStatus(change));
                changes.subList(Math.min(CHANGES, changes.size()), changes.size()).clear();
                totals.rescale();
                size.begin(change);
              });
    }
  }

  private static SizeChange asInStatus(SizeChange c) {
    return new SizeChange(c.at(), c.from(), c.to(), c.rule(), c.bottleneck(), Math.round(c.rate()));
  }

  /** TaskManagers at the beginning of the recording. */
  private static int first(Recording recording, ReplaySettings settings) {
    RecordedMoment first =
        recording.moments().stream()
            .filter(m -> m.sample().isPresent() && m.obstacle().isEmpty())
            .findFirst()
            .orElseThrow(
                () ->
                    new RecordingException(
                        "the job ran at no moment of the recording; record a time in which it"
                            + " does"));
    int tasks = first.parallelism();
    int needed = (tasks + settings.slots() - 1) / settings.slots();
    int replicas = first.replicas().orElse(needed);
    if (replicas < needed) {
      throw new RecordingException(
          "%d tasks of a vertex were recorded at %d TaskManagers, which have %d slots with taskManager.taskSlots %d; give the manifest with the taskSlots that ran"
              .formatted(tasks, replicas, replicas * settings.slots(), settings.slots()));
    }
    return replicas;
  }
}
