package io.flinkcluster.operator.render;

import io.flinkcluster.operator.api.JobSpec;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Launch;
import java.util.ArrayList;
import java.util.List;

/** Arguments of {@code start.sh}, as they stand in the pod. */
final class Arguments {

  private Arguments() {}

  static List<String> of(CheckedCluster cluster, Launch launch, Component component) {
    if (component == Component.TASK_MANAGER) {
      // The registration then names the pod, and no reverse look-up is needed. A name of Flink's
      // own choice has the address in it: of one of IPv6 no actor can be named, and metrics of the
      // TaskManager do not reach the JobManager (seen with 2.3.0).
      return List.of(
          "taskmanager",
          "-D",
          "taskmanager.host=$(POD_IP)",
          "-D",
          "taskmanager.resource-id=$(POD_NAME)");
    }
    var args = new ArrayList<>(cluster.job().isPresent() ? List.of("job") : List.of("session"));
    if (cluster.highlyAvailable()) {
      // Every JobManager advertises its own address; which one leads is told by a ConfigMap.
      args.addAll(List.of("-D", "jobmanager.rpc.address=$(POD_IP)"));
    }
    String jar = FetchContainer.jar(cluster).isPresent() ? FetchContainer.JAR : null;
    cluster.job().ifPresent(job -> args.addAll(job(job, jar, launch)));
    return List.copyOf(args);
  }

  private static List<String> job(JobSpec job, String fetched, Launch launch) {
    var args = new ArrayList<String>();
    if (job.jarURI() != null) {
      // Takes every word up to the next option (1.20 to 2.3), so it must not come last.
      option(args, "--jars", fetched == null ? job.jarURI() : fetched);
    }
    launch.jobId().ifPresent(id -> option(args, "--job-id", id));
    if (job.entryClass() != null) {
      option(args, "--job-classname", job.entryClass());
    }
    launch.restoredFrom().ifPresent(path -> option(args, "--fromSavepoint", path));
    boolean restores =
        launch.prepared()
            || launch.restoredFrom().isPresent()
            || !launch.snapshotSearchDirectories().isEmpty();
    if (restores && job.allowNonRestoredState()) {
      // As an option in the file it would be overwritten by the absence of this flag.
      args.add("--allowNonRestoredState");
    }
    if (!job.args().isEmpty()) {
      // Ends Flink's own options: an argument of the job may look like one of them.
      args.add("--");
      job.args().forEach(arg -> args.add(Escapes.literal(arg)));
    }
    return List.copyOf(args);
  }

  private static void option(List<String> args, String name, String value) {
    args.add(name);
    args.add(Escapes.literal(value));
  }
}
