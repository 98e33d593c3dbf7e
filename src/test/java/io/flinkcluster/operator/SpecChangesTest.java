package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Labels;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SpecChangesTest {

  @Test
  void aNewGenerationMatters() {
    assertThat(matters(meta -> meta.withGeneration(2L))).isTrue();
  }

  @Test
  void deletionMatters() {
    assertThat(matters(meta -> meta.withDeletionTimestamp("2026-01-01T00:00:00Z"))).isTrue();
  }

  @Test
  void aFinalizerThatSomebodyTookAwayMatters() {
    assertThat(matters(meta -> meta.withFinalizers())).isTrue();
  }

  @Test
  void anotherObjectOfTheSameNameMatters() {
    assertThat(matters(meta -> meta.withUid("other"))).isTrue();
  }

  @Test
  void ourAnnotationsMatterWhenTheyComeChangeAndGo() {
    assertThat(matters(meta -> meta.addToAnnotations(Labels.SAVEPOINT, "token"))).isTrue();
    assertThat(matters(meta -> meta.addToAnnotations(Labels.PAUSE, "false"))).isTrue();
    assertThat(matters(meta -> meta.withAnnotations(null))).isTrue();
  }

  @Test
  void aWriteOfTheStatusDoesNotMatter() {
    assertThat(matters(meta -> meta.withResourceVersion("43"))).isFalse();
  }

  @Test
  void labelsForeignAnnotationsAndForeignFinalizersDoNotMatter() {
    assertThat(matters(meta -> meta.addToLabels("a", "b"))).isFalse();
    assertThat(matters(meta -> meta.addToAnnotations("example.org/a", "b"))).isFalse();
    assertThat(matters(meta -> meta.addToFinalizers("example.org/f"))).isFalse();
  }

  private static boolean matters(UnaryOperator<ObjectMetaBuilder> change) {
    var before = new FlinkCluster();
    before.setMetadata(meta().build());
    var now = new FlinkCluster();
    now.setMetadata(change.apply(meta()).build());
    return new SpecChanges().accept(now, before);
  }

  private static ObjectMetaBuilder meta() {
    return new ObjectMetaBuilder()
        .withName("c")
        .withUid("uid")
        .withGeneration(1L)
        .withResourceVersion("42")
        .withFinalizers(Labels.FINALIZER)
        .withAnnotations(Map.of(Labels.PAUSE, "true"));
  }
}
