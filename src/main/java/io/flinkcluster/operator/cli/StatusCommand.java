package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkCluster;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One page about one cluster, or about each. */
@Command(
    name = "status",
    description = "What a cluster is doing, why, since when, and what comes next.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The FlinkCluster; unset: all of the namespace.")
  private String name;

  @Option(
      names = "--rules",
      description = "Also the operator's rules for the state that it is in, in their order.")
  private boolean rules;

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    try (Clusters clusters = connection.connect()) {
      Instant now = Instant.now();
      if (name == null) {
        List<FlinkCluster> all = clusters.list();
        if (all.isEmpty()) {
          spec.commandLine()
              .getErr()
              .println("there is no FlinkCluster in namespace " + clusters.namespace());
        }
        List<StatusPage> pages = all.stream().map(c -> StatusPage.of(c, now)).toList();
        output.print(
            out,
            pages,
            () -> String.join("\n\n", pages.stream().map(page -> page.text(now)).toList()));
        return ExitCode.OK;
      }
      FlinkCluster cluster = clusters.get(name);
      StatusPage page = StatusPage.of(cluster, now);
      output.print(
          out, page, () -> page.text(now) + (rules ? "\n\n" + StatusPage.rules(cluster) : ""));
      return ExitCode.OK;
    }
  }
}
