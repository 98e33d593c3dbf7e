package io.flinkcluster.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.model.CachedObjects;
import io.flinkcluster.operator.model.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names alone do not make an object the cluster's own. */
class OwnObjectsTest {
  private final List<HasMetadata> cached = new ArrayList<>();
  private HasMetadata live;
  private final List<String> sent = new ArrayList<>();
  private int asked;

  private final OwnObjects own =
      new OwnObjects(
          new CachedObjects() {
            @Override
            public <R extends HasMetadata> Collection<R> of(Class<R> kind) {
              return cached.stream().filter(kind::isInstance).map(kind::cast).toList();
            }
          },
          wanted -> {
            asked++;
            return live;
          },
          "ours",
          () -> {});

  private static NetworkPolicy policy(Map<String, String> labels) {
    return new NetworkPolicyBuilder()
        .withNewMetadata()
        .withName("a")
        .withLabels(labels)
        .withManagedFields(new ManagedFieldsEntryBuilder().withManager("kubectl-create").build())
        .endMetadata()
        .build();
  }

  private static Deployment jobManager(String name, String uid) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(Map.of(Labels.COMPONENT, "jobmanager", Labels.UID, uid))
        .endMetadata()
        .build();
  }

  @Test
  void asksNothingForWhatIsItsOwnAndInTheCache() {
    cached.add(policy(Map.of(Labels.UID, "ours")));
    assertThat(own.claim(policy(Map.of()))).isEmpty();
    assertThat(asked).isZero();
  }

  @Test
  void makesWhatDoesNotExistWithoutAQuestion() {
    NetworkPolicy wanted = policy(Map.of());
    assertThat(own.claim(wanted)).isEmpty();
    assertThat(own.create(wanted, () -> sent.add(wanted.getMetadata().getResourceVersion())))
        .isEmpty();
    assertThat(sent).containsExactly("1");
    assertThat(wanted.getMetadata().getResourceVersion()).isNull();
    assertThat(asked).isZero();
  }

  @Test
  void saysWhoseAnObjectIsAndWhatToDo() {
    live = policy(Map.of(Labels.MANAGED_BY, "Helm", Labels.INSTANCE, "shop"));
    assertThat(own.create(policy(Map.of()), this::conflict).orElseThrow())
        .contains("managed-by: Helm", "instance: shop", "written by kubectl-create", "delete it");
    assertThat(sent).containsExactly("conflict");
  }

  private void conflict() {
    sent.add("conflict");
    if (sent.size() == 1) {
      throw new KubernetesClientException("the object has been modified", 409, null);
    }
  }

  @Test
  void appliesToItsOwnThatTheCacheDoesNotKnowYet() {
    live = policy(Map.of(Labels.UID, "ours"));
    live.getMetadata().setUid("u-1");
    NetworkPolicy wanted = policy(Map.of());
    assertThat(own.create(wanted, this::conflict)).isEmpty();
    assertThat(sent).hasSize(2);
    assertThat(wanted.getMetadata().getUid()).isEqualTo("u-1");
  }

  @Test
  void knowsWhatAnEarlierClusterOfTheNameLeft() {
    cached.add(policy(Map.of(Labels.UID, "theirs")));
    assertThat(own.claim(policy(Map.of())).orElseThrow())
        .contains("an earlier FlinkCluster of this name (uid theirs)", "removed");
    assertThat(own.all(NetworkPolicy.class)).isEmpty();
  }

  @Test
  void makesNoJobManagerBesideThatOfAnEarlierCluster() {
    cached.add(jobManager("a-jobmanager-7", "theirs"));
    assertThat(own.claim(jobManager("a-jobmanager-1", "ours")).orElseThrow())
        .contains("must wait until Deployment a-jobmanager-7 is gone");
    assertThat(own.claim(policy(Map.of()))).isEmpty();
  }

  /** What a leader asks for that was replaced meanwhile would end the JobManager that runs. */
  @Test
  void leavesAJobManagerThatWasMadeAfterThePreparedOneWasGivenUp() {
    live = template(jobManager("a-jobmanager-2", "ours"), Map.of());
    assertThat(own.create(prepared(), this::conflict)).isEmpty();
    assertThat(sent).hasSize(1);
  }

  @Test
  void makesNoneOfAPreparedJobManagerThatWasGivenUp() {
    live = prepared();
    Deployment wanted = template(jobManager("a-jobmanager-2", "ours"), Map.of());
    assertThatThrownBy(() -> own.create(wanted, this::conflict))
        .isInstanceOf(KubernetesClientException.class);
    assertThat(sent).hasSize(1);
  }

  private static Deployment prepared() {
    return template(jobManager("a-jobmanager-2", "ours"), Map.of(Labels.RELEASE, ""));
  }

  private static Deployment template(Deployment deployment, Map<String, String> annotations) {
    return new DeploymentBuilder(deployment)
        .withNewSpec()
        .withNewTemplate()
        .withNewMetadata()
        .withAnnotations(annotations)
        .endMetadata()
        .endTemplate()
        .endSpec()
        .build();
  }
}
