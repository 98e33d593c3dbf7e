package io.flinkcluster.operator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkcluster.operator.cli.convert.Conversion;
import io.flinkcluster.operator.cli.convert.Conversions;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes manifests of those of other operators. */
@Command(
    name = "import",
    description = {
      "Make a FlinkCluster of a FlinkDeployment (flink.apache.org) or of a FlinkCluster"
          + " (flinkoperator.k8s.io).",
      "The manifest goes to standard output, and to standard error what could not be carried over."
          + " No cluster is asked. Exit code 1: something could not become a manifest that the"
          + " operator accepts."
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private OutputOption output;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      required = true,
      description = "The manifest, or what kubectl get -o yaml printed; - reads standard input.")
  private String file;

  @Override
  public Integer call() {
    List<JsonNode> objects = Manifest.objects(file);
    if (objects.isEmpty()) {
      throw new Failure(ExitCode.USAGE, file + " holds no object");
    }
    List<Conversion> conversions = objects.stream().map(Conversions::of).toList();
    PrintWriter err = spec.commandLine().getErr();
    conversions.forEach(c -> tell(c, err));
    output.print(
        spec.commandLine().getOut(),
        conversions,
        () ->
            conversions.stream()
                .filter(c -> c.manifest() != null)
                .map(c -> Manifest.yaml(c.manifest()).stripTrailing())
                .collect(Collectors.joining("\n---\n")));
    return conversions.stream().allMatch(Conversion::usable) ? ExitCode.OK : ExitCode.FAILED;
  }

  private static void tell(Conversion conversion, PrintWriter err) {
    err.println(
        conversion.source() + (conversion.manifest() == null ? ": could not be carried over" : ""));
    conversion.notes().forEach(n -> err.println("  " + n.field() + ": " + n.text()));
    conversion.problems().forEach(p -> err.println("  before it can be applied: " + p));
    err.flush();
  }
}
