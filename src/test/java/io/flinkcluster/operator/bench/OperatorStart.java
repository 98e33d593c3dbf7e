package io.flinkcluster.operator.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.e2e.E2eCluster;
import io.flinkcluster.operator.e2e.E2eNamespace;
import io.flinkcluster.operator.testcluster.Kubectl;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * From the start of the operator's process to its first write for a cluster that waits for it; its
 * memory then, and what it asked of the API server.
 */
final class OperatorStart {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PatchContext MERGED = PatchContext.of(PatchType.JSON_MERGE);

  private final E2eCluster kubernetes;
  private final KubernetesClient client;
  private final Kubectl kubectl;
  private final TopSpeed measured;

  OperatorStart(E2eCluster kubernetes, TopSpeed measured) {
    this.measured = measured;
    this.kubernetes = kubernetes;
    this.client = kubernetes.client();
    this.kubectl = kubernetes.kubectl(E2eCluster.OPERATOR);
  }

  /** Measures it with the first cluster of a namespace, which goes on running. */
  void measure(E2eNamespace space, Report report) {
    replicas(0);
    FlinkJob.await("the operator's end").until(() -> pods().list().getItems().isEmpty());
    space.apply(measured.surroundings());
    space.apply(measured.cluster());
    ApiRequests before = requests();
    replicas(1);
    new FlinkJob(space).awaitRunning();
    client
        .resources(FlinkCluster.class)
        .inNamespace(space.name())
        .withName(TopSpeed.NAME)
        .waitUntilCondition(OperatorStart::ready, 120, TimeUnit.SECONDS);
    report.requests(requests().since(before));
    Pod pod = pods().list().getItems().get(0);
    var process = new InPod(kubectl, pod.getMetadata().getName(), "operator");
    long began = process.began();
    long first =
        firstWrite(kubectl.ok("logs", process.pod(), "-c", process.container()))
            .orElseThrow(() -> new IllegalStateException("the operator's log has no write"));
    IdleJvm idle = IdleJvm.measure(kubernetes, pod.getSpec().getContainers().get(0).getImage());
    report.add(
        new Report.Figure(
            "operator: process start -> first write, s",
            Report.seconds(first - began),
            "",
            "",
            "<= 5 s"));
    report.add(
        new Report.Figure(
            "  a JVM of the same image: start -> exit, s",
            "",
            Report.seconds(idle.milliseconds()),
            "",
            ""));
    report.add(
        new Report.Figure(
            "operator: resident memory with one cluster, MB",
            Long.toString(process.residentKilobytes() / 1000),
            "",
            "",
            "<= 180 MB"));
    report.add(
        new Report.Figure(
            "  a JVM of the same image that does nothing, MB",
            "",
            Long.toString(idle.residentKilobytes() / 1000),
            "",
            ""));
  }

  private FilterWatchListDeletable<Pod, io.fabric8.kubernetes.api.model.PodList, PodResource>
      pods() {
    return client
        .pods()
        .inNamespace(E2eCluster.OPERATOR)
        .withLabel("app.kubernetes.io/name", "flinkcluster-operator");
  }

  private void replicas(int count) {
    client
        .apps()
        .deployments()
        .inNamespace(E2eCluster.OPERATOR)
        .withName("flinkcluster-operator")
        .patch(MERGED, "{\"spec\":{\"replicas\":" + count + "}}");
  }

  private ApiRequests requests() {
    return ApiRequests.ofOperator(client.raw("/metrics"));
  }

  private static boolean ready(FlinkCluster cluster) {
    return cluster != null
        && cluster.getStatus() != null
        && cluster.getStatus().conditions() != null
        && cluster.getStatus().conditions().stream()
            .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
  }

  /**
   * When the operator wrote an object for the first time, in milliseconds since the epoch; empty
   * where it has not.
   *
   * @param log of the operator, a JSON object in each line
   */
  static OptionalLong firstWrite(String log) {
    return log.lines()
        .map(OperatorStart::entry)
        .filter(entry -> entry.path("formattedMessage").asText().startsWith("applying "))
        .mapToLong(entry -> entry.path("timestamp").asLong())
        .findFirst();
  }

  private static JsonNode entry(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return JSON.missingNode(); // the JVM's own words
    }
  }
}
