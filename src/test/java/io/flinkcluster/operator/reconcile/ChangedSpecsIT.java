package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.BadInput;
import io.flinkcluster.operator.Manifests;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.report.Conditions;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.Kubectl;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The catalogue of manifests as changes of one running cluster, one after the other: the bad ones
 * that only the operator can refuse, and the good ones, held back as plans. The job does not notice
 * any of them.
 */
@RealApiServer
@Order(2) // a long one: it begins before the others
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChangedSpecsIT {

  private final ClusterFixture scene;
  private FlinkClusterStatus before;
  private Set<String> pods;

  ChangedSpecsIT(ApiServer server) {
    scene = ClusterFixture.in(server, "changed");
  }

  @BeforeAll
  void begin() {
    scene.apply("");
    before = scene.awaitReady();
    pods = pods();
  }

  @AfterAll
  void leave() {
    scene.close();
  }

  static List<BadInput> bad() {
    return BadInput.refusedByTheOperator();
  }

  static List<Path> good() {
    return Manifests.in(Path.of("src", "test", "resources", "good"));
  }

  private Set<String> pods() {
    return scene.client().pods().inNamespace(scene.namespace.name()).list().getItems().stream()
        .map(p -> p.getMetadata().getUid())
        .collect(Collectors.toSet());
  }

  /** The running cluster with the spec of this manifest. */
  private Kubectl.Result replace(ObjectNode manifest, boolean plan) {
    ObjectNode object = manifest.deepCopy();
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("name", ClusterFixture.NAME);
    if (plan) {
      metadata.putObject("annotations").put(Labels.PLAN, "true");
    }
    String text = object.toString();
    return Awaitility.await("no other write at that moment")
        .until(
            () ->
                scene
                    .namespace
                    .kubectl()
                    .runWithInput(text, "replace", "--validate=false", "-f", "-"),
            result -> !result.output().contains("Conflict"));
  }

  private static boolean says(FlinkClusterStatus status, String configValid) {
    return Conditions.find(status, "ConfigValid")
        .filter(c -> c.status().equals(configValid))
        .isPresent();
  }

  private void assertUntouched() {
    assertThat(scene.status().job().id()).isEqualTo(before.job().id());
    assertThat(scene.status().launch().epoch()).isEqualTo(1);
    assertThat(pods()).isEqualTo(pods);
    assertThat(scene.fake().starts()).hasSize(1);
  }

  @Test
  void theStatusNamesTheConfigurationOfTheStart() {
    var configuration = scene.status().configuration();
    assertThat(configuration.configMap()).isEqualTo("a-config-1");
    String annotation =
        scene
            .namespace
            .kubectl()
            .ok("get", "cm", "a-config-1", "-o", "jsonpath={.metadata.annotations}");
    assertThat(annotation).contains("\"" + configuration.fingerprint() + "\"");
  }

  @ParameterizedTest
  @MethodSource("bad")
  void aBadOneIsRefusedWithItsMessage(BadInput input) {
    Kubectl.Result result = replace(input.refused(), false);
    if (result.code() != 0) {
      assertThat(result.output()).as("refused as a change before anyone sees it").contains("spec");
    } else {
      FlinkClusterStatus status = scene.await("refused", s -> says(s, "False"));
      assertThat(ClusterFixture.message(status, "ConfigValid")).containsPattern(input.message());
      assertThat(ClusterFixture.is(status, "Stalled")).isTrue();
    }
    assertUntouched();
  }

  @Test
  void mostOfThemReachTheOperator() {
    long reached =
        bad().stream().filter(input -> replace(input.refused(), false).code() == 0).count();
    assertThat(reached).isGreaterThan(bad().size() * 9L / 10);
  }

  @ParameterizedTest
  @MethodSource("good")
  void aGoodOneIsAccepted(Path file) {
    for (ObjectNode object : Manifests.objects(file)) {
      Kubectl.Result result = replace(object, true);
      if (result.code() != 0) {
        // What cannot change while there is state, and a cluster cannot become another kind.
        assertThat(result.output()).containsPattern("cannot (change|be (added|removed))|immutable");
        continue;
      }
      FlinkClusterStatus status = scene.await("accepted", s -> says(s, "True"));
      assertThat(status.observedGeneration())
          .isEqualTo(scene.cluster().getMetadata().getGeneration());
    }
    assertUntouched();
  }
}
