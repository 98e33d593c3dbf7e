package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.FlinkVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The options that a user cannot set in {@code flinkConfiguration}, because a field of the spec
 * sets them or because the operator could not keep its promises. Deprecated spellings count as the
 * option they stand for.
 */
public final class OwnedOptions {

  private static final String NOTHING = "remove it, the operator sets it";
  private static final Map<String, String> BY_KEY = new LinkedHashMap<>();
  private static final Map<String, String> BY_PREFIX = new LinkedHashMap<>();
  private static final Map<String, String> APPLICATION_ONLY = new LinkedHashMap<>();

  static {
    key("use spec.ports.jobManagerRpc", "jobmanager.rpc.port", "jobmanager.rpc.bind-port");
    key("use spec.ports.blob", "blob.server.port");
    key("use spec.ports.rest", "rest.port", "rest.bind-port");
    key("use spec.ports.taskManagerRpc", "taskmanager.rpc.port", "taskmanager.rpc.bind-port");
    key("use spec.ports.taskManagerData", "taskmanager.data.port", "taskmanager.data.bind-port");
    key("use spec.ports.queryService", "metrics.internal.query-service.port");
    key("use spec.ports.metrics", "metrics.reporter.prom.port");
    key(
        NOTHING,
        "jobmanager.rpc.address",
        "jobmanager.bind-host",
        "rest.address",
        "rest.bind-address",
        "taskmanager.bind-host",
        "taskmanager.host",
        "taskmanager.collect-sink.port",
        "taskmanager.resource-id",
        "taskmanager.network.bind-policy",
        "cluster.id",
        "rest.path",
        "execution.checkpointing.externalized-checkpoint-retention",
        "execution.checkpointing.create-subdir",
        "env.pid.dir",
        "env.ssh.opts");
    key(
        "use spec.jobManager.resources.limits.memory",
        "jobmanager.memory.process.size",
        "jobmanager.memory.flink.size",
        "jobmanager.heap.size",
        "jobmanager.heap.mb");
    key(
        "use spec.taskManager.resources.limits.memory",
        "taskmanager.memory.process.size",
        "taskmanager.memory.flink.size",
        "taskmanager.heap.size",
        "taskmanager.heap.mb");
    key("use spec.taskManager.taskSlots", "taskmanager.numberOfTaskSlots");
    key("use spec.storage.checkpoints or spec.storage.baseURI", "execution.checkpointing.dir");
    key(
        "use spec.storage.savepoints or spec.storage.baseURI",
        "execution.checkpointing.savepoint-dir");
    key("use spec.storage.checkpointInterval", "execution.checkpointing.interval");
    key("remove it, checkpoints go to spec.storage", "execution.checkpointing.storage");
    key(
        "use spec.job.initialSavepoint and spec.job.allowNonRestoredState",
        "execution.state-recovery.path",
        "execution.state-recovery.ignore-unclaimed-state",
        "execution.state-recovery.claim-mode");
    key("use spec.rescale.mode", "scheduler-mode");
    key(
        "use env.java.opts.all; it is added to the operator's own list, which opens Java's modules"
            + " to Flink",
        "env.java.default-opts.all");
    key("remove it, TLS is not supported yet", "security.ssl.rest.enabled");
    key(
        "use security.ssl.internal.enabled; TLS of the REST API is not supported yet",
        "security.ssl.enabled");
    prefix("use spec.bufferTimeout", "execution.buffer-timeout");
    prefix("use spec.highAvailability", "high-availability", "recovery.");
    prefix(NOTHING, "job-result-store.", "application-result-store.");
    prefix(
        "remove it, the operator does not use Flink's native integration with Kubernetes",
        "kubernetes.");
    prefix("remove it, it is internal to Flink", "$internal.");
    prefix(
        "it has no effect on a standalone cluster; set environment variables in a pod template",
        "containerized.",
        "yarn.",
        "mesos.");
    application("use spec.job.parallelism", "parallelism.default");
    application("use spec.job.maxParallelism", "pipeline.max-parallelism");
    application("use spec.job.jarURI", "pipeline.jars", "pipeline.classpaths");
    application(
        NOTHING,
        "execution.shutdown-on-application-finish",
        "execution.attached",
        "execution.target",
        "web.submit.enable",
        "pipeline.fixed-job-id");
  }

  private OwnedOptions() {}

  /**
   * What to do instead of setting this option.
   *
   * @param version of the cluster
   * @param key as the user spelled it
   * @param application whether the cluster has a job of its own
   * @return empty where the option is the user's to set
   */
  public static Optional<String> remedy(FlinkVersion version, String key, boolean application) {
    return Stream.concat(Stream.of(key), FlinkOptions.of(version).canonical(key).stream())
        .flatMap(name -> remedy(name, application).stream())
        .findFirst();
  }

  private static Optional<String> remedy(String canonical, boolean application) {
    if (BY_KEY.containsKey(canonical)) {
      return Optional.of(BY_KEY.get(canonical));
    }
    if (application && APPLICATION_ONLY.containsKey(canonical)) {
      return Optional.of(APPLICATION_ONLY.get(canonical));
    }
    return BY_PREFIX.entrySet().stream()
        .filter(entry -> canonical.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static void key(String remedy, String... keys) {
    for (String key : keys) {
      BY_KEY.put(key, remedy);
    }
  }

  private static void prefix(String remedy, String... prefixes) {
    for (String prefix : prefixes) {
      BY_PREFIX.put(prefix, remedy);
    }
  }

  private static void application(String remedy, String... keys) {
    for (String key : keys) {
      APPLICATION_ONLY.put(key, remedy);
    }
  }
}
