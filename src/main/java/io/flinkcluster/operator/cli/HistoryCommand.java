package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.OperationRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The operations that have ended. */
@Command(
    name = "history",
    description = "What was done with a cluster: operations, their steps and what they cost.",
    mixinStandardHelpOptions = true)
final class HistoryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "NAME", description = "The FlinkCluster.")
  private String name;

  @Override
  public Integer call() {
    try (Clusters clusters = connection.connect()) {
      List<OperationRecord> operations = operations(clusters.get(name));
      output.print(spec.commandLine().getOut(), operations, () -> text(operations, Instant.now()));
      return ExitCode.OK;
    }
  }

  private static List<OperationRecord> operations(FlinkCluster cluster) {
    boolean none = cluster.getStatus() == null || cluster.getStatus().operations() == null;
    return none ? List.of() : cluster.getStatus().operations();
  }

  /** Newest first. */
  static String text(List<OperationRecord> operations, Instant now) {
    if (operations.isEmpty()) {
      return "no operation has ended yet";
    }
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("ENDED", "OPERATION", "RESULT", "DOWNTIME", "BECAUSE OF"));
    for (OperationRecord o : operations) {
      rows.add(
          List.of(
              Text.ago(o.endedAt(), now).orElse("-"),
              String.valueOf(o.type()),
              String.valueOf(o.result()),
              o.downtime() == null ? "-" : o.downtime(),
              o.trigger() == null ? "-" : o.trigger()));
    }
    String table = Text.table(rows);
    String details =
        operations.stream().map(HistoryCommand::details).collect(Collectors.joining("\n"));
    return table + "\n\n" + details;
  }

  private static String details(OperationRecord o) {
    String steps =
        o.steps() == null
            ? ""
            : o.steps().stream()
                .map(s -> s.name() + " " + (s.duration() == null ? "?" : s.duration()))
                .collect(Collectors.joining(" → "));
    return Text.line(String.valueOf(o.type()), steps)
        + (o.savepoint() == null ? "" : "\n" + Text.line("", o.savepoint()))
        + (o.message() == null ? "" : "\n" + Text.line("", o.message()));
  }
}
