package io.flinkcluster.operator.judge;

import java.util.ArrayList;
import java.util.List;

/** What happened, in its order. */
public final class History {
  private final List<Event> events = new ArrayList<>();

  /** Adds what happened last. */
  public void add(Event event) {
    events.add(event);
  }

  /** All events. */
  public List<Event> events() {
    return events;
  }
}
