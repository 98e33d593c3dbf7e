package io.flinkcluster.operator.autoscale;

import io.flinkcluster.operator.api.QuietHoursSpec;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Hours in which the size is left as it is.
 *
 * @param days on which they begin; empty: every day
 * @param from first moment, in local time
 * @param to first moment after them; not after {@code from}: on the next day
 * @param zone whose local time it is
 */
public record QuietHours(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {

  private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");

  /** As a checked spec says. */
  static QuietHours of(QuietHoursSpec spec) {
    return new QuietHours(
        spec.days().stream()
            .map(day -> DayOfWeek.of(DAYS.indexOf(day) + 1))
            .collect(Collectors.toUnmodifiableSet()),
        LocalTime.parse(spec.from()),
        LocalTime.parse(spec.to()),
        ZoneId.of(spec.timeZone()));
  }

  /** Whether this moment is within them. */
  public boolean contain(Instant moment) {
    ZonedDateTime local = moment.atZone(zone);
    LocalTime time = local.toLocalTime();
    if (from.isBefore(to)) {
      return on(local.getDayOfWeek()) && !time.isBefore(from) && time.isBefore(to);
    }
    boolean evening = on(local.getDayOfWeek()) && !time.isBefore(from);
    boolean morning = on(local.getDayOfWeek().minus(1)) && time.isBefore(to);
    return evening || morning;
  }

  private boolean on(DayOfWeek day) {
    return days.isEmpty() || days.contains(day);
  }

  @Override
  public String toString() {
    return from + " to " + to + " " + zone;
  }
}
