package io.flinkcluster.operator.replay;

import java.time.Duration;
import java.util.Optional;

/** Adds up what a replay comes to. */
final class ReplayTotals {
  private final ReplaySettings settings;
  private double seconds;
  private double podSeconds;
  private double recordedPodSeconds;
  private double estimatedSeconds;
  private int rescales;
  private boolean lagKnown;
  private double behind;
  private double recordedBehind;
  private double untold;
  private double longest;
  private double recordedLongest;

  ReplayTotals(ReplaySettings settings) {
    this.settings = settings;
  }

  /** So much time has passed with these TaskManagers. */
  void add(Duration since, int paid, int recorded) {
    double time = since.toMillis() / 1000.0;
    seconds += time;
    podSeconds += time * paid;
    recordedPodSeconds += time * recorded;
  }

  /** So far behind are the sources now. */
  void lag(RecordedMoment m, Duration since, ReplayedSize size) {
    estimatedSeconds += size.estimated() ? since.toMillis() / 1000.0 : 0;
    untold += since.toMillis() / 1000.0;
    Optional<Double> recorded =
        m.sample().isEmpty() ? Optional.empty() : ReplayedSize.recordedLag(m);
    if (recorded.isPresent()) {
      double arriving = Math.max(1, size.arriving());
      lagKnown = true;
      behind += untold * size.lag() / arriving;
      recordedBehind += untold * recorded.get() / arriving;
      untold = 0;
      longest = Math.max(longest, size.lag() / arriving);
      recordedLongest = Math.max(recordedLongest, recorded.get() / arriving);
    }
  }

  void rescale() {
    rescales++;
  }

  ReplaySummary summary() {
    return new ReplaySummary(
        seconds / 3600,
        rescales,
        podSeconds / 3600,
        recordedPodSeconds / 3600,
        seconds / 3600 * settings.replicas(),
        known(behind),
        known(recordedBehind),
        known(longest),
        known(recordedLongest),
        seconds > 0 ? estimatedSeconds / seconds : 0);
  }

  private Optional<Double> known(double value) {
    return lagKnown ? Optional.of(value) : Optional.empty();
  }
}
