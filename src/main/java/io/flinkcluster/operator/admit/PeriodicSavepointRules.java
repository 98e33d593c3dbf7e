package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.StorageSpec;
import io.flinkcluster.operator.api.StorageSpec.SavepointHistory;
import io.flinkcluster.operator.flinkconf.FlinkDurations;
import io.flinkcluster.operator.model.StorageDirs;
import java.time.Duration;
import java.util.Optional;

/** Rules for savepoints by schedule and for how many are kept. */
final class PeriodicSavepointRules {
  private static final String INTERVAL = "spec.storage.savepointInterval";
  private static final String HISTORY = "spec.storage.savepointHistory";
  private static final String MAX_AGE = HISTORY + ".maxAge";

  private static final long SHORTEST = Duration.ofSeconds(10).toMillis();

  /** Far longer than anyone means, and short enough to be added to a date. */
  private static final long LONGEST = Duration.ofDays(3650).toMillis();

  private PeriodicSavepointRules() {}

  static void check(FlinkClusterSpec spec, StorageDirs dirs, Findings findings) {
    StorageSpec storage = spec.storage();
    if (storage == null) {
      return;
    }
    Optional<Long> interval = Optional.empty();
    if (storage.savepointInterval() != null) {
      interval = interval(spec, dirs, findings);
    }
    if (storage.savepointHistory() != null) {
      checkHistory(storage.savepointHistory(), interval, findings);
    } else if (interval.isPresent()) {
      findings.warn(
          HISTORY,
          null,
          "is not set, and savepoints by schedule are kept for ever",
          "set maxCount or maxAge");
    }
  }

  private static Optional<Long> interval(
      FlinkClusterSpec spec, StorageDirs dirs, Findings findings) {
    String text = spec.storage().savepointInterval();
    if (spec.job() == null) {
      findings.refuse(
          INTERVAL, text, "a session cluster has no job of its own", "remove it, or add spec.job");
    } else if (dirs.savepoints().isEmpty()) {
      findings.refuse(
          INTERVAL,
          text,
          "no directory for savepoints is known",
          "set storage.baseURI or storage.savepoints");
    }
    Optional<Long> millis = FlinkDurations.millis(text).filter(m -> m <= LONGEST);
    if (millis.filter(m -> m >= SHORTEST).isEmpty()) {
      findings.refuse(INTERVAL, text, "is not a duration of 10s to 3650d", "write for instance 6h");
    }
    return millis;
  }

  private static void checkHistory(
      SavepointHistory history, Optional<Long> interval, Findings findings) {
    if (history.maxCount() == null && history.maxAge() == null) {
      findings.warn(
          HISTORY, null, "limits nothing: all savepoints are kept", "set maxCount or maxAge");
    }
    Integer count = history.maxCount();
    if (count != null && (count < 1 || count > StorageSpec.MOST_SAVEPOINTS)) {
      findings.refuse(
          HISTORY + ".maxCount", count, "is outside 1 to 100", "choose a number in that range");
    }
    if (history.maxAge() != null) {
      checkAge(history, interval, findings);
    }
  }

  private static void checkAge(
      SavepointHistory history, Optional<Long> interval, Findings findings) {
    String text = history.maxAge();
    Optional<Long> age = FlinkDurations.millis(text).filter(m -> m > 0 && m <= LONGEST);
    if (age.isEmpty()) {
      findings.refuse(MAX_AGE, text, "is not a duration of 1ms to 3650d", "write for instance 7d");
      return;
    }
    boolean many =
        history.maxCount() == null
            && interval
                .filter(i -> age.get() / Math.max(1, i) > StorageSpec.MOST_SAVEPOINTS)
                .isPresent();
    if (many) {
      findings.refuse(
          MAX_AGE,
          text,
          "with this savepointInterval more than 100 savepoints would be kept",
          "set maxCount, a longer savepointInterval or a shorter maxAge");
    }
  }
}
