package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.model.CachedObjects;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.FinalSavepoint;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.FormerJobManager;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.ObservedPod;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Looks at the world once and returns it as a value: from the caches, but live where an act that
 * cannot be undone rests on something not being there any more. Only a cluster's own objects are
 * seen, by the uid of the resource.
 */
public final class WorldObserver {
  private final LiveObjects live;
  private final Clock clock;
  private final Function<ClusterKey, Optional<FlinkObservation>> flink;
  private final PendingPodEvents stuckPods;

  /**
   * JobManager pods that a live read has shown to be gone, by uid of the resource. They do not come
   * back, so nothing is asked a second time.
   */
  private final Map<String, String> gone = new ConcurrentHashMap<>();

  /**
   * An observer.
   *
   * @param client for live reads
   * @param flink what a JobManager said last
   */
  public WorldObserver(
      KubernetesClient client,
      Clock clock,
      Function<ClusterKey, Optional<FlinkObservation>> flink) {
    this(LiveObjects.by(client), new PendingPodEvents(client, clock), clock, flink);
  }

  WorldObserver(
      LiveObjects live,
      PendingPodEvents stuckPods,
      Clock clock,
      Function<ClusterKey, Optional<FlinkObservation>> flink) {
    this.live = live;
    this.stuckPods = stuckPods;
    this.clock = clock;
    this.flink = flink;
  }

  /**
   * Looks.
   *
   * @param names names of the cluster's objects
   * @param uid of the resource
   */
  public Observation look(
      ClusterNames names, String uid, CachedObjects cached, LiveQuestions questions) {
    Collection<Pod> pods = own(cached.of(Pod.class), uid);
    boolean confirmed =
        questions
            .jobManagerPod()
            .filter(
                pod ->
                    seemsLost(pods, pod) || (questions.mayBeLeft() && seemsNeverStarted(pods, pod)))
            .isPresent();
    Collection<Pod> known =
        confirmed ? confirmed(names, uid, pods, questions.jobManagerPod().orElseThrow()) : pods;
    List<Observation.RemainingObject> left = RemainingObjects.of(cached, uid);
    if (questions.removing() && left.isEmpty()) {
      left = RemainingObjects.of(live, names, uid);
    }
    return new Observation(
            clock.instant(),
            stuckPods.explained(seen(known), known),
            missing(own(cached.of(Deployment.class), uid)),
            flink.apply(new ClusterKey(names.namespace(), names.name(), uid)),
            questions
                .stoppingBefore()
                .filter(epoch -> EarlierJobManagers.gone(live, cached, names, uid, epoch))
                .isPresent(),
            left,
            questions.beforeFirstStart() ? finalSavepoint(names) : finalSavepoint(names, cached))
        .with(CleanupReader.seen(known, names.cleanup(uid)))
        .withStorageChecks(StorageCheckReader.seen(known))
        .withPodsConfirmed(confirmed)
        .withFormerJobManager(FormerJobManager.waitedFor(cached, uid));
  }

  /** The resource with this uid is gone. */
  public void forget(String uid) {
    gone.remove(uid);
  }

  private static <R extends io.fabric8.kubernetes.api.model.HasMetadata> List<R> own(
      Collection<R> objects, String uid) {
    return objects.stream().filter(o -> ObjectOwner.is(o, uid)).toList();
  }

  private static List<ObservedPod> seen(Collection<Pod> pods) {
    return pods.stream()
        .flatMap(p -> PodReader.seen(p).stream())
        .sorted(Comparator.comparing(ObservedPod::name))
        .toList();
  }

  /** Whether this pod can run its start no longer, as far as the cache knows. */
  private static boolean seemsLost(Collection<Pod> cached, String pod) {
    return seen(cached).stream()
        .filter(p -> p.uid().equals(pod))
        .noneMatch(p -> !p.deleting() && !p.ended() && p.flinkRestarts() == 0);
  }

  /** Whether this pod's Flink was not started, as far as the cache knows, which may be behind. */
  private static boolean seemsNeverStarted(Collection<Pod> cached, String pod) {
    return seen(cached).stream().anyMatch(p -> p.uid().equals(pod) && !p.started());
  }

  private Collection<Pod> confirmed(
      ClusterNames names, String uid, Collection<Pod> cached, String pod) {
    if (pod.equals(gone.get(uid))) {
      return cached;
    }
    // Without the label of its manager: one that somebody took away hides it from the cache.
    List<Pod> now =
        live.list(
            Pod.class, names.namespace(), Map.of(Labels.CLUSTER, names.name(), Labels.UID, uid));
    if (now.stream().noneMatch(p -> pod.equals(p.getMetadata().getUid()))) {
      gone.put(uid, pod);
    }
    return now;
  }

  private static List<Observation.PodCreationFailure> missing(List<Deployment> deployments) {
    var missing = new ArrayList<Observation.PodCreationFailure>();
    for (Deployment deployment : deployments) {
      Component component =
          ObjectOwner.isJobManager(deployment) ? Component.JOB_MANAGER : Component.TASK_MANAGER;
      long epoch = ObjectOwner.epoch(deployment).orElse(-1);
      DeploymentReader.problem(deployment)
          .ifPresent(t -> missing.add(new Observation.PodCreationFailure(component, epoch, t)));
    }
    return missing;
  }

  /** Left by an earlier cluster of the name, or by this one. */
  private static Optional<FinalSavepoint> finalSavepoint(ClusterNames names, CachedObjects cached) {
    return cached.of(ConfigMap.class).stream()
        .filter(c -> c.getMetadata().getName().equals(names.finalSavepoint()))
        .flatMap(c -> FinalSavepoint.read(c).stream())
        .findFirst();
  }

  /** The same, live: a cache that is behind would name an older state. */
  private Optional<FinalSavepoint> finalSavepoint(ClusterNames names) {
    return live.configMap(names.namespace(), names.finalSavepoint()).flatMap(FinalSavepoint::read);
  }
}
