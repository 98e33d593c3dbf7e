package io.flinkcluster.operator.replay;

import io.flinkcluster.operator.autoscale.Projection;
import io.flinkcluster.operator.autoscale.SizeChange;
import io.flinkcluster.operator.model.LoadSample;
import io.flinkcluster.operator.model.LoadSample.Vertex;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The size that the job has in a replay, and what its tasks do at it. As long as the job had that
 * size when it was recorded, that is what was recorded, untouched; from there on it is estimated,
 * until size and lag are again those of the recording.
 */
final class ReplayedSize {

  /** Estimated and recorded lag that differ by less than what comes in within so many seconds. */
  private static final double SAME_LAG_SECONDS = 5;

  private final ReplaySettings settings;
  private int replicas;
  private boolean estimated;
  private Optional<Change> change = Optional.empty();
  private Optional<Instant> since = Optional.empty();
  private Map<String, Double> waiting = Map.of();
  private Optional<RecordedMoment> before = Optional.empty();
  private double arriving;

  /** One that is under way: its pods are there, its tasks stand, it is done. */
  private record Change(int to, Instant pods, Instant end) {}

  ReplayedSize(int replicas, ReplaySettings settings) {
    this.replicas = replicas;
    this.settings = settings;
  }

  int replicas() {
    return replicas;
  }

  /** TaskManagers that are paid for. */
  int paid() {
    return Math.max(replicas, change.map(Change::to).orElse(0));
  }

  boolean changing() {
    return change.isPresent();
  }

  boolean estimated() {
    return estimated;
  }

  /** Records that come in per second, as last seen. */
  double arriving() {
    return arriving;
  }

  /** Since when its tasks run, as it is recorded or later. */
  Optional<Instant> runningSince(RecordedMoment m) {
    return m.runningSince().map(at -> since.filter(at::isBefore).orElse(at));
  }

  void begin(SizeChange wanted) {
    Instant pods = wanted.at();
    if (wanted.to() > replicas) {
      pods = pods.plus(settings.podStart());
    }
    change = Optional.of(new Change(wanted.to(), pods, pods.plus(settings.downtime())));
  }

  /** Goes on to this moment; the sample as it would have been, empty: none was made. */
  Optional<LoadSample> at(RecordedMoment m) {
    Optional<Change> under = change;
    finish(m);
    Optional<LoadSample> sample = m.sample().flatMap(s -> sample(m, s, under));
    if (m.sample().isPresent()) {
      before = Optional.of(m);
    }
    return sample;
  }

  /** TaskManagers that the job had; this size where nothing tells. */
  int recorded(RecordedMoment m) {
    int slots = settings.slots();
    int told = m.replicas().orElse((m.parallelism() + slots - 1) / slots);
    return told > 0 ? told : replicas;
  }

  private void finish(RecordedMoment m) {
    int recorded = recorded(m);
    if (change.isEmpty()) {
      if (!estimated && m.obstacle().isEmpty() && recorded != replicas) {
        estimated = true; // somebody else has changed the size, and this one does not
      }
      return;
    }
    Change c = change.get();
    boolean followed = !estimated && (m.obstacle().isPresent() || recorded == c.to());
    if (followed && m.obstacle().isEmpty()) {
      done(c, Optional.empty());
    } else if (!followed && m.at().isAfter(c.pods())) {
      estimated = true; // its tasks would stand now, and the recorded ones do not
      if (!m.at().isBefore(c.end())) {
        done(c, Optional.of(c.end()));
      }
    }
  }

  private void done(Change c, Optional<Instant> end) {
    replicas = c.to();
    change = Optional.empty();
    since = end;
  }

  private Optional<LoadSample> sample(RecordedMoment m, LoadSample s, Optional<Change> under) {
    Duration elapsed = elapsed(s);
    Map<String, Double> arrived =
        Projection.arrived(s, before.map(b -> pending(b)).orElse(Map.of()), elapsed);
    arriving =
        arrived.values().stream().mapToDouble(Double::doubleValue).sum()
            / Math.max(1, elapsed.toMillis() / 1000.0);
    if (estimated && change.isEmpty() && asRecorded(m)) {
      estimated = false;
    }
    if (!estimated) {
      waiting = pending(m);
      return Optional.of(s);
    }
    if (under.filter(c -> stands(c, s)).isPresent()) {
      var more = new HashMap<>(waiting);
      arrived.forEach((id, records) -> more.computeIfPresent(id, (i, lag) -> lag + records));
      waiting = more;
      return Optional.empty();
    }
    int parallelism = Math.min(replicas * settings.slots(), settings.maxParallelism());
    var projection = Projection.of(s, parallelism, waiting, arrived, elapsed);
    waiting = projection.waiting();
    return Optional.of(projection.sample());
  }

  /** Time since the sample before in which the recorded job ran. */
  private Duration elapsed(LoadSample s) {
    return before
        .flatMap(RecordedMoment::sample)
        .map(b -> Duration.between(b.at(), s.at()))
        .filter(d -> d.compareTo(Duration.ZERO) > 0 && d.compareTo(Recording.GAP) <= 0)
        .orElse(s.over());
  }

  private static boolean stands(Change c, LoadSample s) {
    return s.at().isAfter(c.pods()) && s.at().minus(s.over()).isBefore(c.end());
  }

  private boolean asRecorded(RecordedMoment m) {
    double recorded = total(pending(m));
    double mine = total(waiting);
    boolean same = Math.abs(recorded - mine) <= SAME_LAG_SECONDS * Math.max(1, arriving);
    return m.obstacle().isEmpty() && recorded(m) == replicas && same;
  }

  /** Records that wait at all sources together; empty: no source tells. */
  static Optional<Double> recordedLag(RecordedMoment m) {
    Map<String, Double> pending = pending(m);
    return pending.isEmpty() ? Optional.empty() : Optional.of(total(pending));
  }

  /** The same as it would have been. */
  double lag() {
    return total(waiting);
  }

  private static double total(Map<String, Double> records) {
    return records.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static Map<String, Double> pending(RecordedMoment m) {
    var pending = new HashMap<String, Double>();
    for (Vertex v : m.sample().map(LoadSample::vertices).orElseThrow()) {
      v.pending().ifPresent(records -> pending.put(v.id(), (double) records));
    }
    return pending;
  }
}
