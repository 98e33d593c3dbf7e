package io.flinkcluster.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import java.util.Map;

/**
 * The Deployment of a JobManager that is prepared, beside that of the same start when none is: a
 * start may go from the first to the second and never back. Neither is made into the other, since
 * that would end the pod of the other.
 */
final class PreparedTemplate {

  private PreparedTemplate() {}

  /** Whether what is wanted was given up before what is there was made: nothing is done then. */
  static boolean isLate(HasMetadata wanted, HasMetadata there) {
    return both(wanted, there) && prepared(wanted) && !prepared(there);
  }

  /** Whether what is there was given up, and must be removed for what is wanted. */
  static boolean isGivenUp(HasMetadata wanted, HasMetadata there) {
    return both(wanted, there) && !prepared(wanted) && prepared(there);
  }

  private static boolean both(HasMetadata wanted, HasMetadata there) {
    return wanted instanceof Deployment
        && there instanceof Deployment
        && ObjectOwner.isJobManager(wanted);
  }

  private static boolean prepared(HasMetadata deployment) {
    Map<String, String> annotations =
        ((Deployment) deployment).getSpec().getTemplate().getMetadata().getAnnotations();
    return annotations != null && annotations.containsKey(Labels.RELEASE);
  }
}
