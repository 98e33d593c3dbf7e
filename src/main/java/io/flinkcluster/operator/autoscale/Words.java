package io.flinkcluster.operator.autoscale;

import java.time.Duration;
import java.util.Locale;

/** Figures as people read them. */
final class Words {

  private Words() {}

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 10 ? "%.1f" : "%.0f", perSecond) + " records/s";
  }

  static String time(double seconds) {
    return Double.isInfinite(seconds) || seconds > 1e8
        ? "for ever"
        : time(Duration.ofSeconds(Math.round(seconds)));
  }

  static String time(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
  }

  static String taskManagers(int count) {
    return count == 1 ? "1 TaskManager" : count + " TaskManagers";
  }
}
