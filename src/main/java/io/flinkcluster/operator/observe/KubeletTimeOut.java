package io.flinkcluster.operator.observe;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells a kubelet, or a container runtime, that was not done in time from one that cannot do it. Of
 * a ConfigMap, a Secret or a disk that does not exist neither speaks so.
 */
final class KubeletTimeOut {

  /**
   * Kubernetes 1.34: pkg/kubelet/util/manager (its cache of ConfigMaps and Secrets, after one
   * second), pkg/kubelet/volumemanager and pkg/volume/csi (volumes, attachers and drivers), and
   * gRPC's own words for a runtime or driver that does not answer. The last ones are what
   * containerd and CRI-O say to the next try while the one that timed out is still under way.
   */
  private static final Pattern WORDS =
      Pattern.compile(
          "timed out waiting for |context deadline exceeded|DeadlineExceeded"
              + "|failed to reserve container name|error reserving ctr name",
          Pattern.CASE_INSENSITIVE);

  /** Waiting reasons of steps that the kubelet takes on the node alone: pulls ask a registry. */
  private static final Set<String> ON_THE_NODE =
      Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");

  private KubeletTimeOut() {}

  /** Whether a message of an event about a pod says so. */
  static boolean is(String message) {
    return WORDS.matcher(message).find();
  }

  /** Whether a container waits for that. */
  static boolean is(String waitingReason, String message) {
    return ON_THE_NODE.contains(waitingReason) && is(message);
  }
}
