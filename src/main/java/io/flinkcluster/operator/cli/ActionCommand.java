package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkCluster;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What all commands have in common that ask for something and wait for it. */
abstract sealed class ActionCommand implements Callable<Integer>
    permits SavepointCommand, RestartCommand, RescaleCommand, SuspendCommand, ResumeCommand {

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;
  @Mixin private WaitOptions waiting;

  @Parameters(paramLabel = "NAME", description = "The FlinkCluster.")
  private String name;

  /**
   * Asks for it.
   *
   * @return how its end is recognised, in the cluster as it is then
   */
  abstract Function<FlinkCluster, Optional<Outcome>> ask(Clusters clusters, String cluster);

  @Override
  public final Integer call() {
    try (Clusters clusters = connection.connect()) {
      var answer = ask(clusters, name);
      Outcome outcome =
          waiting
              .await(clusters, name, spec.commandLine().getErr(), answer)
              .orElse(new Outcome(true, "asked for; kubectl flinkcluster status " + name, null));
      output.print(spec.commandLine().getOut(), outcome, outcome::message);
      return outcome.code();
    }
  }
}
