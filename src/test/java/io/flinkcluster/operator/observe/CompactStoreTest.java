package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CompactStoreTest {
  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  private final CompactStore<ConfigMap> store =
      new CompactStore<>(ConfigMap.class, JSON, UnaryOperator.identity());

  private static ConfigMap configMap(String name, String data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("ns")
        .withName(name)
        .withResourceVersion("7")
        .addToLabels("cluster", name)
        .endMetadata()
        .withData(Map.of("config.yaml", data))
        .withImmutable(true)
        .build();
  }

  private static String text(int length, long seed) {
    return new Random(seed)
        .ints(length, 'a', 'z')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private void put(ConfigMap object) {
    store.put(store.getKey(object), object);
  }

  @Test
  void whatWasPutIsGotAndIsTheCallersOwn() {
    var first = configMap("a", "ä€ é");
    var second = configMap("b", text(100_000, 1)); // longer than the window
    assertThat(store.put("ns/a", first)).isNull();
    assertThat(store.put("ns/b", second)).isNull();

    assertThat(store.get("ns/a")).isEqualTo(first).isNotSameAs(first);
    assertThat(store.get("ns/b")).isEqualTo(second);
    assertThat(store.get("ns/c")).isNull();
    store.get("ns/a").getMetadata().setName("changed");
    assertThat(store.get("ns/a")).isEqualTo(first);
    assertThat(store.getKey(first)).isEqualTo("ns/a");
    assertThat(store.keySet()).containsExactlyInAnyOrder("ns/a", "ns/b");
    assertThat(store.whole()).containsExactlyInAnyOrder(first, second);
  }

  @Test
  void whatWasThereBeforeIsAnswered() {
    put(configMap("a", "1"));
    assertThat(store.put("ns/a", configMap("a", "2"))).isEqualTo(configMap("a", "1"));
    assertThat(store.remove("ns/a")).isEqualTo(configMap("a", "2"));
    assertThat(store.remove("ns/a")).isNull();
    assertThat(store.size()).isZero();
  }

  @Test
  void allOfThemAtOnceAreMetadataOnly() {
    put(configMap("a", "1"));
    assertThat(store.values())
        .singleElement()
        .satisfies(
            object -> {
              assertThat(object.getMetadata()).isEqualTo(configMap("a", "1").getMetadata());
              assertThat(object.getData()).isEmpty();
            });
  }

  @Test
  void anObjectThatIsLikeTheFirstTakesLittle() {
    String data = text(20_000, 2);
    for (int i = 0; i < 50; i++) {
      put(configMap("c" + i, data));
    }
    assertThat(store.bytes()).isLessThan(20_000 + 50 * 400);
  }

  @Test
  void longBinaryDataOfManyConfigMapsIsKeptOnce() {
    for (int i = 0; i < 2; i++) {
      // Equal and not the same, as two answers of the API server are.
      String data = text(40_000, 3);
      put(new ConfigMapBuilder(configMap("c" + i, "")).withBinaryData(Map.of("l", data)).build());
    }
    String one = store.get("ns/c0").getBinaryData().get("l");
    assertThat(one).isEqualTo(text(40_000, 3));
    assertThat(store.get("ns/c1").getBinaryData().get("l")).isSameAs(one);
    assertThat(store.bytes()).isLessThan(1_000);
  }

  @Test
  void whatIsTrimmedIsNotKept() {
    var pods = new CompactStore<>(Pod.class, JSON, PodTransform::trim);
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace("ns")
            .withName("p")
            .endMetadata()
            .withNewSpec()
            .withNodeName("node")
            .withServiceAccountName("flink")
            .endSpec()
            .build();
    pods.put("ns/p", pod);
    assertThat(pods.get("ns/p")).isEqualTo(PodTransform.trim(pod)).isNotEqualTo(pod);
    assertThat(pods.isFullState()).isFalse();
  }
}
