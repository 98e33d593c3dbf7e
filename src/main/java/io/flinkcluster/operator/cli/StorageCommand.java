package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.StartDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What earlier starts of a cluster have left in storage. */
@Command(
    name = "storage",
    description = {
      "What the starts of a cluster have left in its directories for checkpoints and high"
          + " availability, and which of it no restore point needs; --delete deletes that.",
      "A pod with the job's identity looks; you must be allowed to make pods. Savepoints are left"
          + " alone: storage.savepointHistory limits them."
    },
    mixinStandardHelpOptions = true)
final class StorageCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "NAME", description = "The FlinkCluster.")
  private String name;

  @Option(
      names = "--delete",
      description = "Delete what nothing needs; without it nothing is changed.")
  private boolean delete;

  @Option(
      names = "--older-than",
      paramLabel = "DURATION",
      defaultValue = "1d",
      description =
          "Directories that were written to since then are left alone; default ${DEFAULT-VALUE}.")
  private String age = "1d";

  @Option(
      names = "--own-namespace-only",
      description =
          "Do not ask whether FlinkClusters of other namespaces start from this one's state.")
  private boolean ownNamespaceOnly;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "The operator's image; unset: that of the operator's Deployment.")
  private String image;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "15m",
      description = "How long the pod may take; default ${DEFAULT-VALUE}.")
  private String timeout = "15m";

  @Override
  public Integer call() {
    Duration written = WaitOptions.duration("--older-than", age);
    Duration limit = WaitOptions.duration("--timeout", timeout);
    try (Clusters clusters = connection.connect()) {
      FlinkCluster cluster = clusters.get(name);
      var look = new StorageLook(clusters, cluster, image, spec.commandLine().getErr());
      List<StartDirectory> found = look.ask(written, delete, limit, ownNamespaceOnly);
      output.print(spec.commandLine().getOut(), found, () -> text(found));
      return ExitCode.OK;
    }
  }

  /** What goes, or went, comes last, with its sum. */
  static String text(List<StartDirectory> found) {
    if (found.isEmpty()) {
      return "no start of this cluster has left a directory";
    }
    var ordered = new ArrayList<>(found);
    ordered.sort(Comparator.comparing(d -> !d.needed()));
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("START", "SIZE", "FILES", "WRITTEN", "DIRECTORY"));
    ordered.forEach(d -> rows.add(row(d)));
    List<String> table = Text.table(rows).lines().toList();
    var lines = new ArrayList<>(table.subList(0, 1));
    for (int i = 0; i < ordered.size(); i++) {
      lines.add(table.get(i + 1));
      lines.add("  → " + fate(ordered.get(i)));
    }
    lines.add(sum(ordered.stream().filter(d -> !d.needed()).toList()));
    return String.join("\n", lines);
  }

  private static List<String> row(StartDirectory d) {
    return List.of(
        Long.toString(d.epoch()),
        Text.bytes(d.bytes()),
        Long.toString(d.files()),
        d.written().isEmpty() ? "-" : d.written(),
        d.path());
  }

  private static String fate(StartDirectory d) {
    return (d.deleted() ? "deleted: " : d.needed() ? "stays: " : "can go: ") + d.why();
  }

  private static String sum(List<StartDirectory> unneeded) {
    long bytes = unneeded.stream().mapToLong(StartDirectory::bytes).sum();
    boolean deleted = unneeded.stream().anyMatch(StartDirectory::deleted);
    return unneeded.isEmpty()
        ? "nothing can go"
        : (unneeded.size() == 1 ? "1 directory" : unneeded.size() + " directories")
            + " with "
            + Text.bytes(bytes)
            + (deleted ? " deleted" : " can go; add --delete to delete");
  }
}
