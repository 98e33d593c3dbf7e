package io.flinkcluster.operator.model;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Whose an object is, as its labels say. Names do not say it: an object of another application may
 * bear the name, and so may one of an earlier FlinkCluster of the same name.
 */
public final class ObjectOwner {

  private ObjectOwner() {}

  /** Whether the object was made for the FlinkCluster with this uid. */
  public static boolean is(HasMetadata object, String uid) {
    return uid.equals(labels(object).get(Labels.UID));
  }

  /** Uid of the FlinkCluster that the object was made for; empty: the label is absent. */
  public static Optional<String> uid(HasMetadata object) {
    return Optional.ofNullable(labels(object).get(Labels.UID));
  }

  /** Names the FlinkCluster that an object was made for which is not of the present one. */
  public static String formerCluster(HasMetadata object) {
    return uid(object)
        .map(u -> "an earlier FlinkCluster of this name (uid " + u + ")")
        .orElse("a FlinkCluster that is not known");
  }

  /** Name of the FlinkCluster that the object was made for; empty: the label is absent. */
  public static Optional<String> cluster(HasMetadata object) {
    return Optional.ofNullable(labels(object).get(Labels.CLUSTER));
  }

  /** Number of the start the object belongs to; empty: none, or what is written is no number. */
  public static OptionalLong epoch(HasMetadata object) {
    // Labels can be edited by anyone who may edit the object.
    String epoch = labels(object).getOrDefault(Labels.EPOCH, "");
    return epoch.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(epoch))
        : OptionalLong.empty();
  }

  /** Whether it is a JobManager, or makes one. */
  public static boolean isJobManager(HasMetadata object) {
    return Component.JOB_MANAGER.label().equals(labels(object).get(Labels.COMPONENT));
  }

  /** Labels of an object; empty where it has none. */
  public static Map<String, String> labels(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }
}
