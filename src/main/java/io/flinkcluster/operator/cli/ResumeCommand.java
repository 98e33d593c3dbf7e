package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkCluster;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;

/** Start a suspended job again, from the savepoint that was kept. */
@Command(
    name = "resume",
    description = "Start a suspended job again, from the savepoint that was kept.",
    mixinStandardHelpOptions = true)
final class ResumeCommand extends ActionCommand {
  @Override
  Function<FlinkCluster, Optional<Outcome>> ask(Clusters clusters, String cluster) {
    FlinkCluster changed = clusters.patch(cluster, Patches.suspend(false));
    long generation = changed.getMetadata().getGeneration();
    return c -> Outcome.ofChange(c, generation);
  }
}
