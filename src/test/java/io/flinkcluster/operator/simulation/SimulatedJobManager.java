package io.flinkcluster.operator.simulation;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A JobManager process; what it remembers goes with it. */
final class SimulatedJobManager {
  final String id;
  final String podUid;
  final String ip;
  final String namespace;
  final String cluster;
  final String clusterUid;
  final long epoch;
  final boolean application;
  final Optional<String> jobId;
  final Map<String, String> options;
  final Map<String, Optional<String>> disposals = new LinkedHashMap<>();
  Optional<SimulatedJob> job = Optional.empty();

  /** What was asked of jobs that it does not know: job id and trigger id. */
  final Set<String> ofNobody = new HashSet<>();

  /** How it answers; a test sets it. */
  Rest rest = Rest.ANSWERS;

  boolean alive = true;

  /** How the REST API behaves. */
  enum Rest {
    ANSWERS,
    /** No answer comes. */
    HANGS,
    /** 5xx. */
    FAILS,
    /** Requests have their effect, and their answers are lost. */
    LOSES_ANSWERS,
    /** It has no leader: 404 for every job. */
    KNOWS_NOTHING
  }

  SimulatedJobManager(
      String id,
      String podUid,
      String ip,
      String namespace,
      String cluster,
      String clusterUid,
      long epoch,
      List<String> args,
      Map<String, String> options) {
    this.id = id;
    this.podUid = podUid;
    this.ip = ip;
    this.namespace = namespace;
    this.cluster = cluster;
    this.clusterUid = clusterUid;
    this.epoch = epoch;
    this.application = args.contains("job");
    this.jobId = after(args, "--job-id");
    this.options = options;
  }

  static Optional<String> after(List<String> args, String option) {
    int at = args.indexOf(option);
    return at < 0 ? Optional.empty() : Optional.of(args.get(at + 1));
  }

  String option(String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }

  boolean highlyAvailable() {
    String type = option("high-availability.type", option("high-availability", "NONE"));
    return !type.equalsIgnoreCase("none");
  }

  boolean checkpointed() {
    return options.containsKey("execution.checkpointing.interval");
  }

  /** Milliseconds between two checkpoints. */
  long interval() {
    return Long.parseLong(option("execution.checkpointing.interval", "0 ms").split(" ")[0]);
  }

  String checkpoints() {
    return option("execution.checkpointing.dir", option("state.checkpoints.dir", "s3://none"))
        + "/"
        + jobId.orElse("");
  }
}
