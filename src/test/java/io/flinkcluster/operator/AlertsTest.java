package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.testcluster.Checks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts of the chart, as Prometheus reads them. */
class AlertsTest {
  private static final Path CASES =
      Path.of("src", "test", "resources", "alerts", "alerts.test.yaml");
  private static final YAMLMapper YAML = new YAMLMapper();

  private static JsonNode spec() {
    return RenderedChart.with("metrics: {prometheusRule: {enabled: true}}")
        .the("PrometheusRule")
        .path("spec");
  }

  private static List<JsonNode> rules() {
    return StreamSupport.stream(spec().at("/groups/0/rules").spliterator(), false).toList();
  }

  /** Costs two seconds, and minutes once where promtool is not built yet. */
  @Test
  void eachAlertFiresAndIsSilentAsItShould(@TempDir Path dir) throws Exception {
    JsonNode spec = spec();
    Path rules = dir.resolve("rules.yaml");
    Files.writeString(rules, YAML.writeValueAsString(spec));
    assertThat(Checks.promtool("check", "rules", rules.toString())).contains("SUCCESS");
    spec.at("/groups/0/rules").forEach(rule -> ((ObjectNode) rule).remove("annotations"));
    Files.writeString(rules, YAML.writeValueAsString(spec));
    Path cases = Files.copy(CASES, dir.resolve("alerts.test.yaml"));
    assertThat(Checks.promtool("test", "rules", cases.toString())).contains("SUCCESS");
  }

  /** As recording rules, since promtool reads no dashboards. */
  @Test
  void prometheusUnderstandsEveryQueryOfTheDashboard(@TempDir Path dir) throws Exception {
    JsonNode dashboard =
        YAML.readTree(
            RenderedChart.with("metrics: {dashboard: {enabled: true}}")
                .the("ConfigMap")
                .at("/data/flinkcluster-operator.json")
                .asText());
    ObjectNode file = YAML.createObjectNode();
    var rules = file.putArray("groups").addObject().put("name", "dashboard").putArray("rules");
    dashboard
        .findValues("expr")
        .forEach(
            e ->
                rules
                    .addObject()
                    .put("record", "query:" + rules.size())
                    .put("expr", e.asText().replaceAll("\\$(namespace|name)", ".*")));
    assertThat(rules).hasSizeGreaterThan(30);
    Path queries = dir.resolve("queries.yaml");
    Files.writeString(queries, YAML.writeValueAsString(file));
    assertThat(Checks.promtool("check", "rules", queries.toString()))
        .contains("SUCCESS: " + rules.size() + " rules");
  }

  @Test
  void everyAlertHasACaseInWhichItFiresAndOneInWhichItIsSilent() throws IOException {
    var fires = new TreeSet<String>();
    var silent = new TreeSet<String>();
    for (JsonNode test : YAML.readTree(Files.readString(CASES)).path("tests")) {
      JsonNode asked = test.at("/alert_rule_test/0");
      (asked.path("exp_alerts").isEmpty() ? silent : fires).add(asked.path("alertname").asText());
    }
    var alerts = rules().stream().map(r -> r.path("alert").asText()).collect(Collectors.toSet());
    assertThat(fires).containsExactlyInAnyOrderElementsOf(alerts);
    assertThat(silent).containsExactlyInAnyOrderElementsOf(alerts);
  }

  @Test
  void everyAlertSaysWhatItIsAndHasARunbook() throws IOException {
    var headings =
        Files.readAllLines(Path.of("docs", "alerts.md")).stream()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3))
            .toList();
    assertThat(rules()).extracting(r -> r.path("alert").asText()).isEqualTo(headings);
    for (JsonNode rule : rules()) {
      String name = rule.path("alert").asText();
      assertThat(rule.at("/annotations/summary").asText()).as(name).isNotBlank();
      assertThat(rule.at("/annotations/description").asText()).as(name).isNotBlank();
      assertThat(rule.at("/annotations/runbook_url").asText())
          .isEqualTo("docs/alerts.md#" + name.toLowerCase(Locale.ROOT));
    }
  }
}
