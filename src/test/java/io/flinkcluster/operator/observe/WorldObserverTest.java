package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.flinkcluster.operator.model.CachedObjects;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.ObservedPod;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What irreversible acts rest on is read live, and only then. */
class WorldObserverTest {
  private static final ClusterNames NAMES = new ClusterNames("ns", "a");
  private static final String UID = "our-uid";
  private static final LiveQuestions NOTHING =
      new LiveQuestions(Optional.empty(), false, Optional.empty(), false, false);

  private final List<HasMetadata> cached = new ArrayList<>();
  private final List<HasMetadata> live = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();

  private final WorldObserver observer =
      new WorldObserver(
          new LiveObjects() {
            @Override
            public <R extends HasMetadata> List<R> list(
                Class<R> kind, String namespace, Map<String, String> labels) {
              asked.add(kind.getSimpleName());
              return live.stream()
                  .filter(kind::isInstance)
                  .map(kind::cast)
                  .filter(
                      o -> o.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()))
                  .toList();
            }

            @Override
            public Optional<ConfigMap> configMap(String namespace, String name) {
              asked.add(name);
              return Optional.empty();
            }
          },
          new PendingPodEvents(null, Clock.systemUTC()),
          Clock.systemUTC(),
          key -> Optional.empty());

  private Observation look(LiveQuestions questions) {
    return observer.look(
        NAMES,
        UID,
        new CachedObjects() {
          @Override
          public <R extends HasMetadata> Collection<R> of(Class<R> kind) {
            return cached.stream().filter(kind::isInstance).map(kind::cast).toList();
          }
        },
        questions);
  }

  private static LiveQuestions jobManager(String pod) {
    return new LiveQuestions(Optional.empty(), false, Optional.of(pod), false, false);
  }

  private static LiveQuestions stoppingBefore(long epoch) {
    return new LiveQuestions(Optional.of(epoch), false, Optional.empty(), false, false);
  }

  private static ObjectMeta jobManager(String name, String cluster, long epoch) {
    var labels = NAMES.labels(Component.JOB_MANAGER, epoch);
    labels.put(Labels.UID, cluster);
    return new ObjectMetaBuilder()
        .withName(name)
        .withUid(name + "-uid")
        .withCreationTimestamp("2026-01-01T00:00:00Z")
        .withLabels(labels)
        .build();
  }

  private static Pod pod(ObjectMeta meta, String phase) {
    return new PodBuilder()
        .withMetadata(meta)
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .withPhase(phase)
        .endStatus()
        .build();
  }

  private static Pod running() {
    return pod(jobManager("jm", UID, 1), "Running");
  }

  @Test
  void asksNothingWhileThePodIsThere() {
    cached.add(running());
    assertThat(look(jobManager("jm-uid")).podsConfirmed()).isFalse();
    assertThat(asked).isEmpty();
  }

  @Test
  void takesThePodsFromALiveReadWhereTheCacheShowsNone() {
    live.add(running());
    var seen = look(jobManager("jm-uid"));
    assertThat(seen.podsConfirmed()).isTrue();
    assertThat(seen.pods()).extracting(ObservedPod::uid).containsExactly("jm-uid");
  }

  @Test
  void asksWhereThePodHasFailedAsAnEvictedOneHas() {
    cached.add(pod(jobManager("jm", UID, 1), "Failed"));
    live.add(pod(jobManager("jm", UID, 1), "Failed"));
    var seen = look(jobManager("jm-uid"));
    assertThat(asked).containsExactly("Pod");
    assertThat(seen.podsConfirmed()).isTrue();
    assertThat(seen.pods()).extracting(ObservedPod::ended).containsExactly(true);
  }

  @Test
  void asksWhetherAPodHasStartedWhereItsStartMayBeLeft() {
    cached.add(pod(jobManager("jm", UID, 1), "Pending"));
    live.add(running());
    var left = new LiveQuestions(Optional.empty(), false, Optional.of("jm-uid"), true, false);
    assertThat(look(jobManager("jm-uid")).podsConfirmed()).isFalse();
    assertThat(look(left).podsConfirmed()).isTrue();
    assertThat(asked).containsExactly("Pod");
  }

  @Test
  void asksOnceForAPodThatIsGone() {
    assertThat(look(jobManager("jm-uid")).podsConfirmed()).isTrue();
    assertThat(look(jobManager("jm-uid")).podsConfirmed()).isTrue();
    assertThat(asked).hasSize(1);
  }

  @Test
  void doesNotSeePodsOfAnEarlierClusterOfTheName() {
    cached.add(pod(jobManager("old", "other-uid", 1), "Running"));
    assertThat(look(NOTHING).pods()).isEmpty();
    assertThat(look(NOTHING).left()).isEmpty();
  }

  @Test
  void doesNotEndADeletionOnTheCacheAlone() {
    live.add(new ServiceBuilder().withMetadata(jobManager("a-jobmanager-1", UID, 1)).build());
    var removing = new LiveQuestions(Optional.empty(), false, Optional.empty(), false, true);
    assertThat(look(removing).left())
        .extracting(Observation.RemainingObject::what)
        .containsExactly("Service a-jobmanager-1");
    assertThat(look(NOTHING).left()).isEmpty();
  }

  @Test
  void takesJobManagersForGoneWhenNothingCouldMakeOne() {
    assertThat(look(stoppingBefore(2)).jobManagersGone()).isTrue();
    assertThat(asked).containsExactly("Deployment", "ReplicaSet", "Pod");
    assertThat(look(NOTHING).jobManagersGone()).isFalse();
  }

  @Test
  void doesNotTakeThemForGoneWhileADeploymentOrAReplicaSetIsLeft() {
    live.add(deployment(1));
    assertThat(look(stoppingBefore(2)).jobManagersGone()).isFalse();
    live.clear();
    live.add(new ReplicaSetBuilder().withMetadata(jobManager("rs", UID, 1)).build());
    assertThat(look(stoppingBefore(2)).jobManagersGone()).isFalse();
  }

  private static Deployment deployment(long epoch) {
    return new DeploymentBuilder().withMetadata(jobManager("d", UID, epoch)).build();
  }

  @Test
  void doesNotWaitForADeploymentThatMakesNothingMoreNorForTheNewStart() {
    Deployment held = deployment(1);
    held.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    live.add(held);
    live.add(deployment(2));
    assertThat(look(stoppingBefore(2)).jobManagersGone()).isTrue();
  }

  @Test
  void waitsForAPodUntilTheKubeletSaysThatItHasEnded() {
    Pod stopping = pod(jobManager("old", UID, 1), "Running");
    stopping.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
    live.add(stopping);
    assertThat(look(stoppingBefore(2)).jobManagersGone()).isFalse();
    stopping
        .getStatus()
        .setContainerStatuses(
            List.of(
                new ContainerStatusBuilder()
                    .withName("flink")
                    .withNewState()
                    .withNewTerminated()
                    .withExitCode(143)
                    .withFinishedAt("2026-01-01T00:00:01Z")
                    .endTerminated()
                    .endState()
                    .build()));
    assertThat(look(stoppingBefore(2)).jobManagersGone()).isFalse();
    stopping.getStatus().setPhase("Failed");
    assertThat(look(stoppingBefore(2)).jobManagersGone()).isTrue();
  }

  @Test
  void waitsForAJobManagerOfAnEarlierClusterWhateverItsNumber() {
    live.add(pod(jobManager("old", "other-uid", 7), "Running"));
    assertThat(look(stoppingBefore(2)).jobManagersGone()).isFalse();
  }
}
