package io.flinkcluster.operator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.PortRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which ports the pods of a cluster listen on, and who must reach them. */
@Command(
    name = "ports",
    description = {
      "Which ports the pods of a cluster listen on, and who must reach each: what its"
          + " NetworkPolicies open, and what a security group for its pods must.",
      "Of a manifest no cluster is asked."
    },
    mixinStandardHelpOptions = true)
final class PortsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;

  @ArgGroup(multiplicity = "1")
  private Which which;

  private static final class Which {
    @Parameters(paramLabel = "NAME", description = "The FlinkCluster.")
    private String name;

    @Option(
        names = {"-f", "--filename"},
        paramLabel = "FILE",
        description = "A manifest with one FlinkCluster; - reads standard input.")
    private String file;
  }

  @Override
  public Integer call() {
    List<PortRule> rules = PortRule.of(checked(which.file == null ? live() : manifest()));
    output.print(spec.commandLine().getOut(), rules, () -> text(rules));
    return ExitCode.OK;
  }

  private FlinkCluster live() {
    try (Clusters clusters = connection.connect()) {
      return clusters.get(which.name);
    }
  }

  private FlinkCluster manifest() {
    List<JsonNode> clusters = Manifest.clusters(which.file);
    if (clusters.size() > 1) {
      throw new Failure(ExitCode.USAGE, which.file + " holds more than one FlinkCluster");
    }
    FlinkCluster cluster =
        Serialization.unmarshal(Manifest.yaml(clusters.get(0)), FlinkCluster.class);
    if (cluster.getMetadata().getNamespace() == null) {
      cluster.getMetadata().setNamespace("default");
    }
    return cluster;
  }

  private static CheckedCluster checked(FlinkCluster cluster) {
    Admission admission = AdmissionRules.check(cluster);
    if (admission instanceof Admission.Refused refused) {
      throw new Failure(
          ExitCode.FAILED,
          "the operator would refuse this spec:\n"
              + refused.problems().stream().map(String::valueOf).collect(Collectors.joining("\n")));
    }
    return ((Admission.Accepted) admission).cluster();
  }

  static String text(List<PortRule> rules) {
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("TO", "PORT", "FROM", "FIXED BY"));
    for (PortRule rule : rules) {
      rows.add(
          List.of(
              rule.component() == Component.JOB_MANAGER ? "JobManager" : "TaskManager",
              "tcp/" + rule.port(),
              rule.from().isEmpty()
                  ? "who collects metrics"
                  : rule.from().stream().map(PortsCommand::name).collect(Collectors.joining(", ")),
              rule.option()));
    }
    return Text.table(rows);
  }

  private static String name(PortRule.Peer peer) {
    return switch (peer) {
      case JOB_MANAGERS -> "JobManager";
      case TASK_MANAGERS -> "TaskManager";
      default -> peer.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }
}
