package io.flinkcluster.operator.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scripts that complete what is typed. */
@Command(
    name = "completion",
    description = {
      "Print what completes commands: for kubectl 1.26 and later a program to be put on the PATH as"
          + " kubectl_complete-flinkcluster; with --bash a script for bash and zsh that completes"
          + " kubectl-flinkcluster."
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  /** What kubectl calls; the last line tells it to offer no file names. */
  private static final String FOR_KUBECTL =
      """
      #!/bin/sh
      exec kubectl-flinkcluster candidates -- "$@"
      """;

  @Spec private CommandSpec spec;

  @Option(names = "--bash", description = "A script for bash and zsh.")
  private boolean bash;

  @Override
  public Integer call() {
    CommandLine root = new CommandLine(spec.root().userObject());
    String script = bash ? AutoComplete.bash("kubectl-flinkcluster", root) : FOR_KUBECTL;
    spec.commandLine().getOut().print(script);
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }
}
