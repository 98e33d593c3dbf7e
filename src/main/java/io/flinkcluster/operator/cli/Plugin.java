package io.flinkcluster.operator.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of all commands. */
@Command(
    name = "kubectl flinkcluster",
    description = "What Flink clusters are doing and why, and what they are to do.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionText.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all went as asked",
      "1:it failed, or what was examined is not well",
      "2:wrong arguments",
      "3:the API server cannot be asked, refuses it, or has no such object",
      "4:still under way after --timeout; it goes on"
    },
    subcommands = {
      StatusCommand.class,
      PlanCommand.class,
      HistoryCommand.class,
      SavepointCommand.class,
      RestartCommand.class,
      RescaleCommand.class,
      SuspendCommand.class,
      ResumeCommand.class,
      DoctorCommand.class,
      StorageCommand.class,
      PortsCommand.class,
      ReplayCommand.class,
      ImportCommand.class,
      CompletionCommand.class,
      CandidatesCommand.class
    })
final class Plugin implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }
}
