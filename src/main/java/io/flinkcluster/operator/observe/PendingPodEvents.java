package io.flinkcluster.operator.observe;

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
 * volume that it cannot mount only in events. Events are not watched; those of a namespace are read
 * once for all its pods when one has hung for a while, and again every few seconds: the API server
 * has no index of them, so that a list for each pod would read all of them each time.
 */
final class PendingPodEvents {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration FORGOTTEN = Duration.ofMinutes(10);

  /** Between two lists of a namespace, also where another pod has hung since the last. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final Clock clock;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /** What the events of a namespace told, by the uid of the pod. */
  private record Answer(Instant at, Map<String, ObservedPod.PodProblem> problems) {}

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
      return pod;
    }
    Instant now = clock.instant();
    Instant hung = Instant.parse(object.getMetadata().getCreationTimestamp()).plus(PATIENCE);
    if (pod.node().isEmpty() || hung.isAfter(now)) {
      return pod;
    }
    Map<String, ObservedPod.PodProblem> told = told(object.getMetadata().getNamespace(), hung, now);
    return pod.withProblem(Optional.ofNullable(told.get(pod.uid())));
  }

  /**
   * What is told of the pods of a namespace.
   *
   * @param since what was read before then may not tell of the pod yet
   */
  private Map<String, ObservedPod.PodProblem> told(String namespace, Instant since, Instant now) {
    Answer answer = answers.get(namespace);
    boolean old =
        answer == null
            || answer.at().plus(INTERVAL).isBefore(now)
            || (answer.at().isBefore(since) && answer.at().plus(LEAST).isBefore(now));
    if (old) {
      answers.values().removeIf(a -> a.at().plus(FORGOTTEN).isBefore(now)); // nothing hangs there
      answer = new Answer(now, ask(namespace));
      answers.put(namespace, answer);
    }
    return answer.problems();
  }

  private Map<String, ObservedPod.PodProblem> ask(String namespace) {
    return EventReader.newest(
        client
            .v1()
            .events()
            .inNamespace(namespace)
            .withField("involvedObject.kind", "Pod")
            .withField("type", "Warning")
            .list()
            .getItems());
  }
}
