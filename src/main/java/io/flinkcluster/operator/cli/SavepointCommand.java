package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Labels;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes a savepoint of the running job. */
@Command(
    name = "savepoint",
    description = "Take a savepoint now; its path is printed. The job keeps running.",
    mixinStandardHelpOptions = true)
final class SavepointCommand extends ActionCommand {
  @Option(
      names = "--token",
      paramLabel = "TEXT",
      description = "Names it: the same token is served once only. Unset: a new one.")
  private String token;

  @Override
  Function<FlinkCluster, Optional<Outcome>> ask(Clusters clusters, String cluster) {
    String used = token == null ? "cli-" + UUID.randomUUID() : token;
    clusters.patch(cluster, Patches.annotation(Labels.SAVEPOINT, used));
    return c -> Outcome.ofSavepoint(c, used);
  }
}
