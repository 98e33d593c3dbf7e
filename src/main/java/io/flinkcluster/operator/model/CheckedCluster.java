package io.flinkcluster.operator.model;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.api.JobSpec;
import io.flinkcluster.operator.api.UpgradeMode;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A spec that has passed every check.
 *
 * @param names names of its objects
 * @param uid uid of the resource
 * @param generation generation of the spec
 * @param spec the spec with every default filled in: {@code jobManager}, {@code taskManager},
 *     {@code ports}, {@code highAvailability}, {@code rescale}, {@code networkPolicy} and all their
 *     defaulted fields are never null; {@code job}, {@code storage}, {@code hadoopConf}, {@code
 *     ingress} are null where the user gave none; lists and maps are empty, not null
 * @param bufferTimeout empty: Flink's own 100 ms
 * @param ports the effective ports
 * @param dirs the effective directories
 * @param parallelism of the job; number of slots for a session cluster
 * @param jobManagerMemory bytes of the whole JobManager process
 * @param taskManagerMemory bytes of the whole TaskManager process
 * @param fingerprint changes exactly when a running cluster must be restarted to match the spec
 * @param defaults options of Flink that the operator's own settings say, unless the spec says else;
 *     not part of the fingerprint: what runs keeps those that it was started with
 */
public record CheckedCluster(
    ClusterNames names,
    String uid,
    long generation,
    FlinkClusterSpec spec,
    Optional<BufferTimeout> bufferTimeout,
    PortSet ports,
    StorageDirs dirs,
    int parallelism,
    long jobManagerMemory,
    long taskManagerMemory,
    String fingerprint,
    SortedMap<String, String> defaults) {

  /** Copies the map. */
  public CheckedCluster {
    defaults = Collections.unmodifiableSortedMap(new TreeMap<>(defaults));
  }

  /** The Flink version. */
  public FlinkVersion version() {
    return spec.flinkVersion();
  }

  /** The job; empty for a session cluster. */
  public Optional<JobSpec> job() {
    return Optional.ofNullable(spec.job());
  }

  /** Names of the Flink options that were given, those of the spec before the defaults. */
  public Set<String> options() {
    var options = new LinkedHashSet<>(spec.flinkConfiguration().keySet());
    options.addAll(defaults.keySet());
    return options;
  }

  /** Whether a restart must carry state over. */
  public boolean stateful() {
    return spec.job() != null && spec.job().upgradeMode() != UpgradeMode.Stateless;
  }

  /** Whether checkpoints are taken. */
  public boolean checkpointed() {
    return spec.job() != null && dirs.checkpoints().isPresent();
  }

  /** Whether Flink's adaptive scheduler runs the job, so that its size can change in place. */
  public boolean adaptive() {
    return SpecFingerprint.adaptive(spec);
  }

  /** Whether a lost JobManager continues by itself. */
  public boolean highlyAvailable() {
    return spec.highAvailability().enabled();
  }

  /**
   * Whether a JobManager pod may start only once: a second start would begin again from the point
   * of the first, older than what the job has reached since, or run a finished job again. So it is
   * with every job, stateful or not: whether state must be kept is decided when a JobManager is
   * lost, from the spec that is wanted then. With high availability Flink itself sees to it, by its
   * leader election and its store of the results of jobs.
   */
  public boolean startsOnce() {
    return spec.job() != null && !highlyAvailable();
  }

  /**
   * The same cluster with as many TaskManagers as another spec of it wants. For session clusters,
   * whose TaskManagers come and go without a restart.
   */
  public CheckedCluster withTaskManagersOf(CheckedCluster other) {
    var size = spec.taskManager().withReplicas(other.spec.taskManager().replicas());
    return with(generation, spec.withTaskManager(size), other.parallelism, fingerprint);
  }

  /** The same cluster with so many TaskManagers, whatever its job's parallelism. */
  public CheckedCluster withTaskManagers(int count) {
    return withTaskManagers(count, parallelism);
  }

  /** The same session cluster with so many TaskManagers and slots. */
  public CheckedCluster withTaskManagers(int count, int slots) {
    var size = spec.taskManager().withReplicas(count);
    return with(generation, spec.withTaskManager(size), slots, fingerprint);
  }

  /**
   * The cluster that it became when its job was rescaled in place.
   *
   * @param generation of the spec that asked for this size
   */
  public CheckedCluster resized(long generation, int parallelism, int taskManagers) {
    var resized =
        spec.withTaskManager(spec.taskManager().withReplicas(taskManagers))
            .withJob(spec.job().withParallelism(parallelism));
    return with(
        generation,
        resized,
        parallelism,
        SpecFingerprint.fingerprint(resized, bufferTimeout, dirs, parallelism));
  }

  private CheckedCluster with(
      long generation, FlinkClusterSpec spec, int parallelism, String fingerprint) {
    return new CheckedCluster(
        names,
        uid,
        generation,
        spec,
        bufferTimeout,
        ports,
        dirs,
        parallelism,
        jobManagerMemory,
        taskManagerMemory,
        fingerprint,
        defaults);
  }
}
