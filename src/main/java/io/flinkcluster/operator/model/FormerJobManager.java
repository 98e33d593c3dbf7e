package io.flinkcluster.operator.model;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.Optional;
import java.util.stream.Stream;

/** A JobManager that an earlier FlinkCluster of the same name left. */
public final class FormerJobManager {
  private FormerJobManager() {}

  /**
   * Why the cluster must not start yet: a JobManager of another FlinkCluster under its name may run
   * still, and both would write to the same places.
   *
   * @param cached what the caches hold under the cluster's name, by kind
   * @param uid of the resource that is to be started
   * @return a message with what is waited for and the way out; empty: there is none
   */
  public static Optional<String> waitedFor(CachedObjects cached, String uid) {
    return Stream.concat(cached.of(Deployment.class).stream(), cached.of(Pod.class).stream())
        .filter(o -> ObjectOwner.isJobManager(o) && !ObjectOwner.is(o, uid))
        .findFirst()
        .map(
            o ->
                ("it must wait until %s %s is gone, the JobManager of %s; it is removed without your"
                        + " help, but for a pod whose node is gone for good: delete that with"
                        + " --force --grace-period=0")
                    .formatted(
                        o.getKind(), o.getMetadata().getName(), ObjectOwner.formerCluster(o)));
  }
}
