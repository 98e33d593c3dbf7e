package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.model.Ids;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which starts of which cluster may have left something, and what is still needed. On the command
 * line: {@code --uid UID --starts N --checkpoints DIRECTORY [--high-availability DIRECTORY
 * --ha-prefix PREFIX] [--keep EPOCH...] [--snapshot PATH...] --older-than DURATION [--delete
 * true]}.
 *
 * @param uid of the FlinkCluster
 * @param starts the epoch of its last start
 * @param checkpoints the parent of a directory for each job
 * @param highAvailability the parent of a directory for each start; empty: none
 * @param haPrefix what the names of these begin with, before the epoch
 * @param kept epochs of starts whose directories stay whatever is found
 * @param snapshots paths of checkpoints and savepoints that somebody may start from
 * @param age what was written since then stays
 * @param delete whether what is not needed is deleted; otherwise it is only told
 */
public record LeftoversTask(
    String uid,
    long starts,
    String checkpoints,
    Optional<String> highAvailability,
    String haPrefix,
    Set<Long> kept,
    List<String> snapshots,
    Duration age,
    boolean delete) {

  /** The epochs of all starts, by the id of their job. */
  Map<String, Long> jobs() {
    var jobs = new HashMap<String, Long>();
    for (long epoch = 1; epoch <= starts; epoch++) {
      jobs.put(Ids.jobId(uid, epoch), epoch);
    }
    return jobs;
  }

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException where it says something else
   */
  public static LeftoversTask parse(String... args) {
    if (args.length % 2 != 0) {
      throw new IllegalArgumentException("the last argument has no value");
    }
    var one = new HashMap<String, String>();
    var kept = new TreeSet<Long>();
    var snapshots = new ArrayList<String>();
    for (int i = 0; i < args.length; i += 2) {
      switch (args[i]) {
        case "--keep" -> kept.add(Long.valueOf(args[i + 1]));
        case "--snapshot" -> snapshots.add(args[i + 1]);
        case "--uid",
            "--starts",
            "--checkpoints",
            "--high-availability",
            "--ha-prefix",
            "--older-than",
            "--delete" ->
            one.put(args[i], args[i + 1]);
        default -> throw new IllegalArgumentException("no such argument: " + args[i]);
      }
    }
    for (String needed : List.of("--uid", "--starts", "--checkpoints", "--older-than")) {
      if (!one.containsKey(needed)) {
        throw new IllegalArgumentException(needed + " is missing");
      }
    }
    try {
      return new LeftoversTask(
          one.get("--uid"),
          Long.parseLong(one.get("--starts")),
          one.get("--checkpoints"),
          Optional.ofNullable(one.get("--high-availability")),
          one.getOrDefault("--ha-prefix", ""),
          kept,
          List.copyOf(snapshots),
          Duration.parse(one.get("--older-than")),
          "true".equals(one.get("--delete")));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("--older-than is not a duration: " + e.getMessage(), e);
    }
  }
}
