package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.ObservedPod.Preparation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Explains pods that do not come up although their status gives no reason: the kubelet tells of a
 * volume that it cannot mount only in events. Events are not watched; they are read when a pod has
 * hung for a while, and not more often than every few seconds.
 */
final class PendingPodEvents {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration FORGOTTEN = Duration.ofMinutes(10);

  private final KubernetesClient client;
  private final Clock clock;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  private record Answer(Instant at, Optional<ObservedPod.PodProblem> problem) {}

  PendingPodEvents(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  List<ObservedPod> explained(List<ObservedPod> pods, Collection<Pod> objects) {
    Map<String, Pod> byUid =
        objects.stream().collect(Collectors.toMap(p -> p.getMetadata().getUid(), p -> p));
    return pods.stream().map(p -> explained(p, byUid.get(p.uid()))).toList();
  }

  private ObservedPod explained(ObservedPod pod, Pod object) {
    boolean up = pod.running() || (pod.held() && pod.preparation() != Preparation.COMING_UP);
    boolean stuck = !up && !pod.schedulingGated() && !pod.deleting() && pod.problem().isEmpty();
    if (!stuck) {
      answers.remove(pod.uid());
      return pod;
    }
    Instant now = clock.instant();
    Instant created = Instant.parse(object.getMetadata().getCreationTimestamp());
    if (pod.node().isEmpty() || created.plus(PATIENCE).isAfter(now)) {
      return pod;
    }
    Answer answer = answers.get(pod.uid());
    if (answer == null || answer.at().plus(INTERVAL).isBefore(now)) {
      answers.values().removeIf(a -> a.at().plus(FORGOTTEN).isBefore(now)); // pods that are gone
      answer = new Answer(now, ask(object));
      answers.put(pod.uid(), answer);
    }
    return pod.withProblem(answer.problem());
  }

  private Optional<ObservedPod.PodProblem> ask(Pod pod) {
    String uid = pod.getMetadata().getUid();
    List<Event> events =
        client
            .v1()
            .events()
            .inNamespace(pod.getMetadata().getNamespace())
            .withField("involvedObject.uid", uid)
            .list()
            .getItems();
    return EventReader.newest(events, uid);
  }
}
