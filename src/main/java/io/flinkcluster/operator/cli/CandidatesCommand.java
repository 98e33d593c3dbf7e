package io.flinkcluster.operator.cli;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What may come next on a command line; kubectl asks for it through the completion program. */
@Command(name = "candidates", hidden = true, mixinStandardHelpOptions = true)
final class CandidatesCommand implements Callable<Integer> {
  /** kubectl's word for: offer no file names. */
  private static final String NO_FILES = ":4";

  /** And for: offer file names. */
  private static final String FILES = ":0";

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;

  @Parameters(arity = "0..*")
  private List<String> words = List.of();

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    String typed = words.isEmpty() ? "" : words.get(words.size() - 1);
    String before = words.size() < 2 ? "" : words.get(words.size() - 2);
    boolean file = List.of("-f", "--filename", "-m", "--metrics", "--kubeconfig").contains(before);
    if (!file) {
      candidates(typed, before).stream().filter(c -> c.startsWith(typed)).forEach(out::println);
    }
    out.println(file ? FILES : NO_FILES);
    out.flush();
    return ExitCode.OK;
  }

  private List<String> candidates(String typed, String before) {
    CommandSpec root = spec.parent();
    CommandSpec command =
        words.size() < 2 || !root.subcommands().containsKey(words.get(0))
            ? root
            : root.subcommands().get(words.get(0)).getCommandSpec();
    if (List.of("-o", "--output").contains(before)) {
      return List.of("text", "json");
    }
    if (typed.startsWith("-")) {
      return command.options().stream()
          .filter(o -> !o.hidden())
          .map(OptionSpec::longestName)
          .toList();
    }
    if (command == root) {
      return root.subcommands().entrySet().stream()
          .filter(e -> !e.getValue().getCommandSpec().usageMessage().hidden())
          .map(e -> e.getKey())
          .toList();
    }
    return command.positionalParameters().isEmpty() ? List.of() : names();
  }

  /** Nothing where the API server does not answer: completion must not disturb. */
  private List<String> names() {
    try (Clusters clusters = connection.connect()) {
      var names = new ArrayList<String>();
      clusters.list().forEach(c -> names.add(c.getMetadata().getName()));
      return names;
    } catch (KubernetesClientException | Failure e) {
      return List.of();
    }
  }
}
