package io.flinkcluster.operator.flinkconf;

import java.util.Map;

/**
 * Deprecated spellings that Flink 1.20 to 2.3 still read, and what they are called now. Where both
 * are given Flink takes the new one without a word (read in the released jars).
 */
public final class OptionAliases {

  private static final Map<String, String> CANONICAL =
      Map.ofEntries(
          Map.entry("execution.buffer-timeout", "execution.buffer-timeout.interval"),
          Map.entry("state.backend", "state.backend.type"),
          Map.entry("state.checkpoints.dir", "execution.checkpointing.dir"),
          Map.entry("state.backend.fs.checkpointdir", "execution.checkpointing.dir"),
          Map.entry("state.savepoints.dir", "execution.checkpointing.savepoint-dir"),
          Map.entry("savepoints.state.backend.fs.dir", "execution.checkpointing.savepoint-dir"),
          Map.entry("state.checkpoint-storage", "execution.checkpointing.storage"),
          Map.entry("state.checkpoints.num-retained", "execution.checkpointing.num-retained"),
          Map.entry("state.backend.incremental", "execution.checkpointing.incremental"),
          Map.entry("state.checkpoints.create-subdir", "execution.checkpointing.create-subdir"),
          Map.entry(
              "state.checkpoint.cleaner.parallel-mode",
              "execution.checkpointing.cleaner.parallel-mode"),
          Map.entry(
              "state.storage.fs.memory-threshold", "execution.checkpointing.data-inline-threshold"),
          Map.entry(
              "state.backend.fs.memory-threshold", "execution.checkpointing.data-inline-threshold"),
          Map.entry(
              "state.storage.fs.write-buffer-size", "execution.checkpointing.write-buffer-size"),
          Map.entry(
              "taskmanager.state.local.root-dirs", "execution.checkpointing.local-backup.dirs"),
          Map.entry(
              "execution.checkpointing.unaligned", "execution.checkpointing.unaligned.enabled"),
          Map.entry(
              "execution.checkpointing.alignment-timeout",
              "execution.checkpointing.aligned-checkpoint-timeout"),
          Map.entry("execution.savepoint.path", "execution.state-recovery.path"),
          Map.entry(
              "execution.savepoint.ignore-unclaimed-state",
              "execution.state-recovery.ignore-unclaimed-state"),
          Map.entry("execution.savepoint-restore-mode", "execution.state-recovery.claim-mode"),
          Map.entry("restart-strategy", "restart-strategy.type"),
          Map.entry("high-availability", "high-availability.type"),
          Map.entry("recovery.mode", "high-availability.type"),
          Map.entry("env.java.opts", "env.java.opts.all"),
          Map.entry("web.port", "rest.port"),
          Map.entry("jobmanager.web.port", "rest.port"),
          Map.entry("web.address", "rest.address"),
          Map.entry("jobmanager.web.address", "rest.address"),
          Map.entry("taskmanager.network.memory.fraction", "taskmanager.memory.network.fraction"),
          Map.entry("taskmanager.network.memory.min", "taskmanager.memory.network.min"),
          Map.entry("taskmanager.network.memory.max", "taskmanager.memory.network.max"));

  private OptionAliases() {}

  /** The current spelling of an option; the option itself where it has no other. */
  public static String canonical(String key) {
    if (key.startsWith("akka.")) {
      return "pekko." + key.substring("akka.".length());
    }
    return CANONICAL.getOrDefault(key, key);
  }
}
