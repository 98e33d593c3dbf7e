package io.flinkcluster.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is written about metrics is true: the page of metrics, the dashboard, the alerts. */
class MetricsPageTest {
  private static final Path PAGE = Path.of("docs", "metrics.md");
  private static final Path CHART = Path.of("helm", "flinkcluster-operator");
  private static final Pattern NAME = Pattern.compile("\\b(?:flinkcluster|jvm|process)_[a-z0-9_]+");

  @Test
  void thePageListsEveryMetric() throws IOException {
    String page = page();
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE)).as("refresh with -Ddocs.update=true").isEqualTo(page);
  }

  @Test
  void everyMetricOfTheDashboardExists() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(CHART.resolve("files").resolve("dashboard.json").toFile());
    var expressions = new TreeSet<String>();
    dashboard.findValues("expr").forEach(e -> expressions.add(e.asText()));
    dashboard.findValues("query").forEach(e -> expressions.add(e.asText()));
    assertThat(expressions).hasSizeGreaterThan(30);
    assertThat(AllMetrics.names()).containsAll(named(String.join("\n", expressions)));
  }

  @Test
  void everyMetricOfTheAlertsExists() throws IOException {
    String rules =
        Files.readString(CHART.resolve("templates").resolve("prometheusrule.yaml"))
            .replaceAll("(?m)^ *(summary|description|runbook_url):.*$", "");
    assertThat(AllMetrics.names()).containsAll(named(rules));
  }

  /**
   * The SDK's own count becomes negative, since it counts every deletion but not every creation.
   */
  @Test
  void everyMetricOfTheOperatorHasItsPrefixAndNoneIsTheSdksCountOfResources() {
    assertThat(AllMetrics.names())
        .allMatch(name -> name.matches("(flinkcluster|jvm|process|system)_.*"))
        .contains("flinkcluster_operator_reconciliations_failure_total")
        .noneMatch(name -> name.contains("custom_resources"));
  }

  private static TreeSet<String> named(String text) {
    var names = new TreeSet<String>();
    var found = NAME.matcher(text);
    while (found.find()) {
      names.add(found.group());
    }
    assertThat(names).isNotEmpty();
    return names;
  }

  private static String page() {
    var page =
        new StringBuilder(
            """
            # Metrics

            The operator serves these on port 8080 at `/metrics`, in Prometheus' text format. Those with the labels `namespace`
            and `name` tell of a FlinkCluster; only the replica that leads has them, so that sums over replicas are true. Flink's
            own metrics are on port 9249 of each of its pods (`metrics.podMonitor.enabled` in the chart).

            Names and labels stay as they are within a major version; new ones may come. Histograms have `_bucket`, `_sum` and
            `_count`. This page is made from the code.

            | metric | labels | meaning |
            |---|---|---|
            """);
    var labels = AllMetrics.labels();
    AllMetrics.descriptions()
        .forEach(
            (name, text) -> {
              if (name.startsWith("flinkcluster_") && !name.endsWith("_seconds_max")) {
                String of = labels.getOrDefault(name, labels.getOrDefault(name + "_count", ""));
                page.append("| `%s` | %s | %s |\n".formatted(name, of, text));
              }
            });
    return page.toString();
  }
}
