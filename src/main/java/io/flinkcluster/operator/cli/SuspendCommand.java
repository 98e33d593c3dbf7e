package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkCluster;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;

/** Stop the job with a savepoint, and keep it. */
@Command(
    name = "suspend",
    description = "Stop the job with a savepoint, and keep it.",
    mixinStandardHelpOptions = true)
final class SuspendCommand extends ActionCommand {
  @Override
  Function<FlinkCluster, Optional<Outcome>> ask(Clusters clusters, String cluster) {
    FlinkCluster changed = clusters.patch(cluster, Patches.suspend(true));
    long generation = changed.getMetadata().getGeneration();
    return c -> Outcome.ofChange(c, generation);
  }
}
