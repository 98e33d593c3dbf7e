package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Admission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What lies in gitops/ fits together. */
class GitOpsTest {
  private static final Path DIR = Path.of("gitops");
  private static final Path ARGO = DIR.resolve("argocd");
  private static final Path CONFIG = ARGO.resolve("argocd-cm.yaml");
  private static final List<String> ACTIONS =
      List.of("savepoint", "restart", "suspend", "resume", "pause", "unpause");

  private static String lua(String file) throws IOException {
    return Files.readString(ARGO.resolve(file));
  }

  private static String config() throws IOException {
    var actions = new StringBuilder("discovery.lua: |\n");
    actions.append(lua("actions/discovery.lua").indent(2));
    actions.append("definitions:\n");
    for (String action : ACTIONS) {
      actions.append("  - name: ").append(action).append("\n    action.lua: |\n");
      actions.append(lua("actions/" + action + ".lua").indent(6));
    }
    return """
        # Entries for Argo CD's own ConfigMap; made from health.lua and actions/ beside it.
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: argocd-cm
          namespace: argocd
          labels:
            app.kubernetes.io/part-of: argocd
        data:
          resource.customizations.health.flinkcluster.io_FlinkCluster: |
        """
        + lua("health.lua").indent(4)
        + "  resource.customizations.actions.flinkcluster.io_FlinkCluster: |\n"
        + actions.toString().indent(4);
  }

  @Test
  void theConfigurationOfArgoCdIsThatOfTheScripts() throws IOException {
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(CONFIG, config());
    }
    assertThat(Files.readString(CONFIG)).as("refresh with -Ddocs.update=true").isEqualTo(config());
    JsonNode data = new YAMLMapper().readTree(config()).path("data");
    assertThat(data.path("resource.customizations.health.flinkcluster.io_FlinkCluster").asText())
        .isEqualTo(lua("health.lua"));
    JsonNode actions =
        new YAMLMapper()
            .readTree(
                data.path("resource.customizations.actions.flinkcluster.io_FlinkCluster").asText());
    assertThat(actions.path("definitions").findValuesAsText("name")).isEqualTo(ACTIONS);
    assertThat(actions.at("/definitions/0/action.lua").asText())
        .isEqualTo(lua("actions/savepoint.lua"));
    try (Stream<Path> files = Files.list(ARGO.resolve("actions"))) {
      assertThat(files).hasSize(ACTIONS.size() + 1);
    }
  }

  @Test
  void everyManifestIsYamlAndEveryClusterIsAdmitted() throws IOException {
    var clusters = new ArrayList<ObjectNode>();
    try (Stream<Path> files = Files.walk(DIR)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
        for (ObjectNode object : Manifests.objects(file)) {
          assertThat(object.path("kind").asText()).as(file.toString()).isNotBlank();
          assertThat(object.at("/metadata/name").asText()).as(file.toString()).isNotBlank();
          if (object.path("kind").asText().equals("FlinkCluster")) {
            clusters.add(object);
          }
        }
      }
    }
    assertThat(clusters).isNotEmpty();
    for (ObjectNode cluster : clusters) {
      FlinkCluster resource = new ObjectMapper().convertValue(cluster, FlinkCluster.class);
      resource.getMetadata().setNamespace("streams");
      resource.getMetadata().setUid("1");
      assertThat(AdmissionRules.check(resource)).isInstanceOf(Admission.Accepted.class);
    }
  }
}
