package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Labels;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import picocli.CommandLine.Command;

/** Restarts the job with its state. */
@Command(
    name = "restart",
    description = "Stop the job and start it again with its state, all pods new.",
    mixinStandardHelpOptions = true)
final class RestartCommand extends ActionCommand {
  @Override
  Function<FlinkCluster, Optional<Outcome>> ask(Clusters clusters, String cluster) {
    String token = "cli-" + UUID.randomUUID();
    clusters.patch(cluster, Patches.annotation(Labels.RESTART, token));
    return c -> Outcome.ofRestart(c, token);
  }
}
