package io.flinkcluster.operator.flinkconf;

import java.util.List;
import java.util.Set;

/**
 * One option of one Flink version, as its released jars declare it.
 *
 * @param key the name that the version itself uses
 * @param type what its value must be
 * @param defaultValue as Flink writes it; empty where it has none
 * @param aliases other names that the version reads where this one is not given
 */
public record FlinkOption(String key, OptionType type, String defaultValue, List<String> aliases) {

  /** Where a JobManager listens, which TaskManagers are told by the same options. */
  private static final Set<String> ADDRESSES =
      Set.of("jobmanager.rpc.address", "jobmanager.rpc.port", "rest.address", "rest.port");

  /** Processes that read an option when they start. */
  public enum Processes {
    /** The JobManager, which also builds the job. */
    JOB_MANAGER,
    /** The TaskManagers. */
    TASK_MANAGERS,
    /** Both. */
    ALL
  }

  /** Copies the list. */
  public FlinkOption {
    aliases = List.copyOf(aliases);
  }

  /**
   * Which processes must be started anew before a change of this option takes effect; {@link
   * Processes#ALL} where the name does not tell.
   */
  public Processes processes() {
    return processes(key);
  }

  /** As {@link #processes()}, for any name. */
  public static Processes processes(String key) {
    if (ADDRESSES.contains(key)) {
      return Processes.ALL;
    }
    if (key.equals("taskmanager.load-balance.mode")) {
      return Processes.JOB_MANAGER; // it is the scheduler that spreads tasks and slots
    }
    String first = key.substring(0, Math.max(0, key.indexOf('.')));
    return switch (first) {
      case "taskmanager" ->
          // Both divide the memory of a slot, and the JobManager must know the segments' size.
          key.startsWith("taskmanager.memory.") || key.equals("taskmanager.numberOfTaskSlots")
              ? Processes.ALL
              : Processes.TASK_MANAGERS;
      case "jobmanager",
          "rest",
          "web",
          "historyserver",
          "jobstore",
          "job-result-store",
          "application-result-store",
          "slotmanager",
          "resourcemanager",
          "slow-task-detector",
          "restart-strategy",
          "parallelism",
          "pipeline",
          "table" ->
          Processes.JOB_MANAGER;
      default -> Processes.ALL;
    };
  }
}
