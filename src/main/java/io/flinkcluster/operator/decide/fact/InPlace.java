package io.flinkcluster.operator.decide.fact;

import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.RescaleMode;
import io.flinkcluster.operator.decide.state.FailedOperations;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ObservedJob;
import io.flinkcluster.operator.model.SpecDiff;
import java.util.Optional;

/** Whether a change is made in place, may not be made so, or is not a matter of size. */
public final class InPlace {

  private InPlace() {}

  /** How the wanted spec lets a change of size be made. */
  public static RescaleMode mode(Situation s) {
    return s.wanted().map(w -> w.spec().rescale().mode()).orElse(RescaleMode.InPlace);
  }

  /** Why this change cannot be made though nothing but InPlace is allowed; empty where it can. */
  public static Optional<String> refusal(Situation s, CheckedCluster wanted) {
    return obstacle(s, wanted)
        .filter(why -> wanted.spec().rescale().mode() == RescaleMode.InPlace)
        .filter(why -> FailedOperations.before(s, wanted.fingerprint()).isEmpty());
  }

  /** Why a change of nothing but the size cannot be made in place. */
  private static Optional<String> obstacle(Situation s, CheckedCluster wanted) {
    LaunchStatus launch = s.launch();
    if (!wanted.adaptive() || wanted.fingerprint().equals(launch.fingerprint())) {
      return Optional.empty();
    }
    Optional<SpecDiff> diff = s.running().flatMap(r -> SpecDiff.between(r, wanted));
    Optional<ObservedJob> job = LaunchFacts.job(s, launch);
    if (diff.filter(SpecDiff::sizeOnly).isEmpty() || job.filter(ObservedJob::ended).isPresent()) {
      return Optional.empty();
    }
    if (diff.get().kind() == SpecDiff.Kind.RESCALE) {
      return Optional.of("taskManager.taskSlots cannot change while the TaskManagers run");
    }
    return job.filter(j -> j.maxParallelism() > 0 && j.maxParallelism() < wanted.parallelism())
        .map(
            j ->
                "no vertex of the job can have a parallelism of more than "
                    + j.maxParallelism()
                    + ", its maximum parallelism");
  }

  /** What differs, where only the size does and the job can take that up as it runs. */
  public static Optional<SpecDiff> difference(Situation s, CheckedCluster wanted) {
    boolean possible =
        wanted.adaptive()
            && obstacle(s, wanted).isEmpty()
            && LaunchFacts.endedJob(s, s.launch()).isEmpty();
    return s.running()
        .flatMap(r -> SpecDiff.between(r, wanted))
        .filter(d -> possible && d.kind() == SpecDiff.Kind.RESIZE);
  }

  /** From 2.0 on the adaptive scheduler rescales with the next completed checkpoint. */
  public static boolean waitsForCheckpoint(CheckedCluster running) {
    return running.version() != FlinkVersion.V1_20;
  }
}
