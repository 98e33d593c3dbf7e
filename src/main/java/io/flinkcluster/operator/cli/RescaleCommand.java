package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkCluster;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Changes the size of a cluster. */
@Command(
    name = "rescale",
    description = "Change the number of TaskManagers, the parallelism of the job, or both at once.",
    mixinStandardHelpOptions = true)
final class RescaleCommand extends ActionCommand {
  @Option(
      names = {"-r", "--replicas"},
      paramLabel = "NUMBER",
      description = "TaskManagers; without job.parallelism the job takes all their slots.")
  private Integer replicas;

  @Option(
      names = {"-p", "--parallelism"},
      paramLabel = "NUMBER",
      description = "Parallelism of the job.")
  private Integer parallelism;

  @Override
  Function<FlinkCluster, Optional<Outcome>> ask(Clusters clusters, String cluster) {
    if (replicas == null && parallelism == null) {
      throw new Failure(ExitCode.USAGE, "say --replicas, --parallelism or both");
    }
    if (parallelism != null && clusters.get(cluster).getSpec().job() == null) {
      throw new Failure(
          ExitCode.USAGE,
          cluster + " is a session cluster without a job of its own: say --replicas");
    }
    FlinkCluster changed = clusters.patch(cluster, Patches.size(replicas, parallelism));
    long generation = changed.getMetadata().getGeneration();
    return c -> Outcome.ofChange(c, generation);
  }
}
