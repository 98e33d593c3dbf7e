package io.flinkcluster.operator.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.RescaleMode;
import java.util.List;
import java.util.Optional;

/**
 * The part of a spec that a running cluster cannot take up without a restart, with every value in
 * one spelling.
 */
public final class SpecFingerprint {

  private static final long FLINK_DEFAULT_MILLIS = 100;
  private static final List<String> LIVE =
      List.of(
          "suspend",
          "ingress",
          "networkPolicy",
          "childMetadata",
          "changeTimeout",
          "rollback",
          "rescale",
          "autoscaling");
  private static final List<String> LIVE_OF_JOB =
      List.of(
          "onDelete",
          "onRecreate",
          "initialSavepoint",
          "upgradeMode",
          "allowNonRestoredState",
          "rerun",
          "afterFinish");
  private static final List<String> LIVE_OF_STORAGE =
      List.of("savepointInterval", "savepointHistory", "baseURI");

  private SpecFingerprint() {}

  /**
   * Changes exactly when a restart is needed: SHA-256 in hex.
   *
   * @param spec with its defaults filled in
   */
  public static String fingerprint(
      FlinkClusterSpec spec,
      Optional<BufferTimeout> bufferTimeout,
      StorageDirs dirs,
      int parallelism) {
    return Ids.hex(SpecJson.text(tree(spec, bufferTimeout, dirs, parallelism)));
  }

  /** All that a restart is needed for, as JSON. */
  static ObjectNode tree(
      FlinkClusterSpec spec,
      Optional<BufferTimeout> bufferTimeout,
      StorageDirs dirs,
      int parallelism) {
    ObjectNode tree = SpecJson.tree(spec);
    tree.remove(LIVE);
    tree.remove("bufferTimeout");
    bufferTimeout
        .filter(timeout -> timeout.millis() != FLINK_DEFAULT_MILLIS)
        .ifPresent(timeout -> tree.put("bufferTimeout", timeout.millis()));
    if (adaptive(spec)) {
      tree.putObject("rescale").put("scheduler", "adaptive");
    }
    if (tree.get("job") instanceof ObjectNode job) {
      job.remove(LIVE_OF_JOB);
      job.put("parallelism", parallelism);
    } else if (tree.get("taskManager") instanceof ObjectNode taskManager) {
      // A session cluster takes and gives up TaskManagers while it runs.
      taskManager.remove("replicas");
    }
    if (tree.get("storage") instanceof ObjectNode storage) {
      storage.remove(LIVE_OF_STORAGE);
      directory(storage, "checkpoints", dirs.checkpoints());
      directory(storage, "savepoints", dirs.savepoints());
      directory(storage, "highAvailability", dirs.highAvailability());
    }
    return tree;
  }

  /** Whether Flink's adaptive scheduler runs the job, so that its size can change in place. */
  static boolean adaptive(FlinkClusterSpec spec) {
    return spec.job() != null && spec.rescale().mode() != RescaleMode.Savepoint;
  }

  private static void directory(ObjectNode storage, String field, Optional<String> directory) {
    storage.remove(field);
    directory.ifPresent(path -> storage.put(field, path));
  }
}
