package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Launch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A pod that tells what earlier starts of a cluster have left in its directories, and deletes it
 * where that is asked for. It has the identity and the volumes of the job.
 */
public final class LeftoversPod {

  private static final String MAIN = "io.flinkcluster.operator.LeftoversMain";

  private LeftoversPod() {}

  /**
   * What is asked.
   *
   * @param starts epoch of the last start
   * @param kept epochs of starts whose directories stay
   * @param snapshots paths of checkpoints and savepoints that somebody may start from
   * @param age what was written since then stays
   * @param delete whether the rest is deleted
   * @param limit after which Kubernetes ends the pod
   */
  public record Question(
      long starts,
      Collection<Long> kept,
      Collection<String> snapshots,
      Duration age,
      boolean delete,
      Duration limit) {}

  /**
   * The pod.
   *
   * @param name its own
   * @param cluster with a directory for checkpoints
   * @param launch the start that runs, or ran last
   */
  public static Pod of(
      String name,
      CheckedCluster cluster,
      Launch launch,
      Question question,
      OperatorIdentity operator) {
    return OneOffPod.of(
        cluster,
        launch,
        operator,
        new OneOffPod.Task(
            name,
            Labels.LEFTOVERS,
            Labels.LEFTOVERS,
            args(cluster, question),
            question.limit().toSeconds(),
            MAIN));
  }

  private static List<String> args(CheckedCluster cluster, Question question) {
    var args = new ArrayList<String>();
    FetchContainer.option(args, "--uid", cluster.uid());
    FetchContainer.option(args, "--starts", Long.toString(question.starts()));
    FetchContainer.option(args, "--checkpoints", cluster.dirs().checkpoints().orElseThrow());
    cluster
        .dirs()
        .highAvailability()
        .ifPresent(
            directory -> {
              FetchContainer.option(args, "--high-availability", directory);
              FetchContainer.option(
                  args, "--ha-prefix", cluster.names().highAvailabilityOf(cluster.uid()));
            });
    question.kept().forEach(epoch -> FetchContainer.option(args, "--keep", epoch.toString()));
    question.snapshots().forEach(path -> FetchContainer.option(args, "--snapshot", path));
    FetchContainer.option(args, "--older-than", question.age().toString());
    FetchContainer.option(args, "--delete", Boolean.toString(question.delete()));
    return args;
  }
}
