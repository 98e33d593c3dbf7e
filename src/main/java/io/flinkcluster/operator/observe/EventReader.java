package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.Event;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.ObservedPod.PodProblem;
import io.flinkcluster.operator.model.SafeText;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * Reads what only events tell, above all that a volume waits for a ConfigMap or Secret that does
 * not exist: the status of such a pod says just ContainerCreating, for ever. Events are not
 * watched; ask for those of a pod that has been pending for some seconds.
 */
public final class EventReader {
  private static final Comparator<Event> BY_TIME = Comparator.comparing(EventReader::time);

  private EventReader() {}

  /**
   * The problem that the newest telling event about an object is about, by the uid of the object.
   *
   * @param events in any order, about any objects
   */
  public static Map<String, PodProblem> newest(Collection<Event> events) {
    var telling = new HashMap<String, Event>();
    events.stream()
        .filter(event -> event.getInvolvedObject() != null)
        .filter(event -> event.getInvolvedObject().getUid() != null)
        .filter(event -> problem(event).isPresent())
        .forEach(
            event ->
                telling.merge(
                    event.getInvolvedObject().getUid(), event, BinaryOperator.maxBy(BY_TIME)));
    var problems = new HashMap<String, PodProblem>();
    telling.forEach((uid, event) -> problem(event).ifPresent(p -> problems.put(uid, p)));
    return Map.copyOf(problems);
  }

  /** The problem that an event about a pod or a ReplicaSet tells of; empty: none. */
  public static Optional<PodProblem> problem(Event event) {
    if (!"Warning".equals(event.getType()) || event.getReason() == null) {
      return Optional.empty();
    }
    String message = Objects.requireNonNullElse(event.getMessage(), "");
    Reason otherwise =
        switch (event.getReason()) {
          case "FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox" -> Reason.PodNotSetUp;
          case "FailedCreate" -> Reason.PodCreationFailed;
          case "FailedScheduling" -> Reason.Unschedulable;
          default -> null;
        };
    if (otherwise == null) {
      return Optional.empty();
    }
    boolean missing = otherwise != Reason.Unschedulable && PodProblemReader.missing(message);
    boolean timedOut = !missing && otherwise == Reason.PodNotSetUp && KubeletTimeOut.is(message);
    Reason reason = missing ? Reason.ReferenceNotFound : otherwise;
    return Optional.of(new PodProblem(reason, SafeText.line(message), timedOut));
  }

  /** RFC 3339 in UTC, so that the order of the texts is that of the times to the second. */
  private static String time(Event event) {
    if (event.getLastTimestamp() != null) {
      return event.getLastTimestamp();
    }
    // Events of the newer API, as the scheduler sends them, have only this one.
    return event.getEventTime() == null
        ? ""
        : Objects.requireNonNullElse(event.getEventTime().getTime(), "");
  }
}
