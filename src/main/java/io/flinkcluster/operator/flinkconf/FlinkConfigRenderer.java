package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.Resources;
import io.flinkcluster.operator.api.S3Plugin;
import io.flinkcluster.operator.api.StateBackend;
import io.flinkcluster.operator.api.StorageSpec;
import io.flinkcluster.operator.flinkconf.FlinkConfig.Setting;
import io.flinkcluster.operator.model.BufferTimeout;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.FlinkPort;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.model.PortSet;
import io.flinkcluster.operator.model.S3Option;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Renders the configuration of one start, in layers of which a later one wins: what the version
 * needs, what the user gave, what the typed fields say, what only the operator may say.
 */
public final class FlinkConfigRenderer {

  private static final String ANY_ADDRESS = "0.0.0.0";
  private static final Set<String> TASK_MANAGER_OPTIONS =
      Set.of(
          "env.java.opts",
          "env.java.opts.all",
          "env.java.opts.taskmanager",
          "env.java.default-opts.all");
  private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use[A-Za-z0-9]+GC\\b");

  private final TreeMap<String, Setting> settings = new TreeMap<>();
  private final CheckedCluster cluster;
  private final Launch launch;

  private FlinkConfigRenderer(CheckedCluster cluster, Launch launch) {
    this.cluster = cluster;
    this.launch = launch;
  }

  /** The same values always give the same configuration. */
  public static FlinkConfig render(CheckedCluster cluster, Launch launch) {
    var renderer = new FlinkConfigRenderer(cluster, launch);
    renderer.profile();
    cluster.defaults().forEach((key, value) -> renderer.put(key, value, Origin.DEFAULTS));
    cluster.spec().flinkConfiguration().forEach(renderer::user);
    renderer.collector();
    renderer.ports(cluster.ports());
    renderer.size();
    if (cluster.adaptive()) {
      AdaptiveScheduler.options(cluster.version())
          .forEach((key, value) -> renderer.spec("rescale.mode", key, value));
    }
    renderer.storage();
    cluster.bufferTimeout().ifPresent(renderer::bufferTimeout);
    renderer.addresses();
    if (cluster.highlyAvailable()) {
      renderer.highAvailability();
    }
    renderer.lifecycle();
    return new FlinkConfig(renderer.settings);
  }

  private void profile() {
    var profile = VersionProfile.of(cluster.version());
    profile("env.java.default-opts.all", String.join(" ", profile.moduleOptions()));
    // A TaskManager that waits for a JobManager asks again after this time, not after 10 s; most of
    // the downtime of a restart hung on it.
    profile("cluster.registration.error-delay", "300 ms");
    profile("cluster.registration.max-timeout", "5 s");
    // Flink's default lets a request for a slot fail at once, some minutes after the start, where
    // no
    // TaskManager has one: after the loss of a TaskManager the job is restarted in vain until the
    // next one is there, at growing intervals of up to a minute. 0 is for ever (2.3.0,
    // StandaloneResourceManager): a pod comes back, and slot.request.timeout is the limit.
    profile("resourcemanager.standalone.start-up-time", "0 ms");
    // Saves a reverse look-up per TaskManager; pods have no reverse DNS entry.
    profile("jobmanager.retrieve-taskmanager-hostname", "false");
    profile(
        "metrics.reporter.prom.factory.class",
        "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
    if (cluster.spec().job() != null) {
      // The UI's cancel button ends a job without a savepoint.
      profile("web.cancel.enable", "false");
    }
  }

  /**
   * Flink's script picks G1 for a TaskManager without any JVM option, which the options for the
   * modules end; the JVM itself would then take the serial collector below 2 CPUs or 1792 MB. One
   * that is given two collectors does not start.
   */
  private void collector() {
    boolean chosen =
        TASK_MANAGER_OPTIONS.stream()
            .filter(settings::containsKey)
            .anyMatch(option -> COLLECTOR.matcher(settings.get(option).value()).find());
    if (!chosen) {
      unlessGiven("env.java.default-opts.taskmanager", "-XX:+UseG1GC");
    }
  }

  private void ports(PortSet ports) {
    for (FlinkPort port : FlinkPort.values()) {
      for (String option : port.options()) {
        if (port.field().isEmpty()) {
          operator(option, Integer.toString(port.in(ports)));
        } else {
          spec(port.field(), option, port.in(ports));
        }
      }
    }
  }

  private void size() {
    var spec = cluster.spec();
    memory("jobManager", spec.jobManager().resources(), cluster.jobManagerMemory());
    memory("taskManager", spec.taskManager().resources(), cluster.taskManagerMemory());
    spec("taskManager.taskSlots", "taskmanager.numberOfTaskSlots", spec.taskManager().taskSlots());
    if (spec.job() != null) {
      boolean given = spec.job().parallelism() != null;
      spec(
          given ? "job.parallelism" : "taskManager (replicas times taskSlots)",
          "parallelism.default",
          cluster.parallelism());
      spec("job.maxParallelism", "pipeline.max-parallelism", spec.job().maxParallelism());
    }
  }

  private void memory(String component, Resources resources, long bytes) {
    boolean given =
        resources.limits().containsKey("memory") || resources.requests().containsKey("memory");
    var key = component.toLowerCase(Locale.ROOT) + ".memory.process.size";
    var source = given ? "spec." + component + ".resources" : "default";
    settings.put(key, new Setting(bytes + "b", Origin.SPEC, source));
  }

  private void storage() {
    var storage = cluster.spec().storage();
    if (storage == null) {
      return;
    }
    var dirs = cluster.dirs();
    dirs.checkpoints().ifPresent(dir -> spec("storage", "execution.checkpointing.dir", dir));
    dirs.savepoints()
        .ifPresent(dir -> spec("storage", "execution.checkpointing.savepoint-dir", dir));
    spec(
        "storage.checkpointInterval",
        "execution.checkpointing.interval",
        FlinkDurations.of(storage.checkpointInterval()));
    stateBackend(storage);
    if (dirs.checkpoints().isPresent()) {
      unlessGiven("execution.checkpointing.num-retained", "3");
      operator(
          "execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
    }
    s3Credentials(storage);
  }

  private void stateBackend(StorageSpec storage) {
    // HashMap is the schema's default, so it cannot be told from "not given": a backend that the
    // spec has no word for may still be named in flinkConfiguration.
    if (storage.stateBackend() == StateBackend.RocksDB) {
      spec("storage.stateBackend", "state.backend.type", "rocksdb");
    } else {
      unlessGiven("state.backend.type", "hashmap");
    }
  }

  private void s3Credentials(StorageSpec storage) {
    // The Hadoop plugin's own chain (hadoop-aws 3.3.4, Flink 1.20 to 2.3) knows no web identity and
    // silently falls through to the role of the node. Keys that are given as options only it
    // knows, and not the chain of the SDK. Presto and native need nothing.
    boolean given =
        S3Option.CREDENTIALS_PROVIDER.inForHadoop(settings.keySet())
            || S3Option.ACCESS_KEY.in(settings.keySet()).isPresent();
    if (cluster.dirs().onS3() && storage.s3Plugin() == S3Plugin.Hadoop && !given) {
      profile(
          "fs.s3a.aws.credentials.provider",
          "com.amazonaws.auth.DefaultAWSCredentialsProviderChain");
    }
  }

  private void bufferTimeout(BufferTimeout timeout) {
    // A negative number is no legal duration in any version (NumberFormatException when the job is
    // built); "only full buffers" has a switch of its own.
    spec("bufferTimeout", "execution.buffer-timeout.enabled", timeout.millis() >= 0);
    if (timeout.millis() >= 0) {
      spec("bufferTimeout", "execution.buffer-timeout.interval", timeout.millis() + " ms");
    }
  }

  private void addresses() {
    // JobManager and TaskManagers must spell this name alike, or the RPC drops their messages.
    String address = cluster.names().jobManager(launch.epoch());
    // With high availability every JobManager is given its own address as an argument.
    settings.put(
        "jobmanager.rpc.address",
        cluster.highlyAvailable()
            ? new Setting(address, Origin.OPERATOR, "operator; an argument of each JobManager wins")
            : new Setting(address, Origin.OPERATOR));
    operator("rest.address", cluster.names().rest());
    operator("jobmanager.bind-host", ANY_ADDRESS);
    operator("taskmanager.bind-host", ANY_ADDRESS);
    operator("rest.bind-address", ANY_ADDRESS);
  }

  /**
   * Flink's defaults would make all clusters share one id, one namespace and one job id. The stores
   * of results are kept apart by start as well: a result that another start left makes a JobManager
   * that is healthy and runs nothing (Flink 2.3).
   */
  private void highAvailability() {
    String id = cluster.names().highAvailability(cluster.uid(), launch.epoch());
    String dir = cluster.dirs().highAvailability().orElseThrow();
    operator("high-availability.type", "kubernetes");
    operator("high-availability.storageDir", dir);
    operator("high-availability.cluster-id", id);
    operator("kubernetes.cluster-id", id);
    operator("kubernetes.namespace", cluster.names().namespace());
    operator("job-result-store.delete-on-commit", "false");
    operator("job-result-store.storage-path", dir + "/job-result-store/" + id);
    if (VersionProfile.of(cluster.version()).applications()) {
      operator("application-result-store.delete-on-commit", "false");
      operator("application-result-store.storage-path", dir + "/application-result-store/" + id);
    }
  }

  private void lifecycle() {
    if (cluster.spec().job() != null) {
      // By default a JobManager whose job has ended exits, is started again, and runs the job once
      // more from where it began.
      operator("execution.shutdown-on-application-finish", "false");
      // What a main method throws before it has submitted the job is then told as the failure of
      // the job: otherwise it is in the log alone, and the JobManager exits (1.20 to 2.2) or stays
      // up without a job (2.3).
      unlessGiven("execution.submit-failed-job-on-application-error", "true");
      operator("web.submit.enable", "false");
    }
  }

  private void profile(String key, String value) {
    put(key, value, Origin.PROFILE);
  }

  private void unlessGiven(String key, String value) {
    if (!settings.containsKey(key)) {
      profile(key, value);
    }
  }

  /** Under the name that the version itself uses, so that no option is given twice. */
  private void user(String key, String value) {
    FlinkOptions.of(cluster.version())
        .canonical(key)
        .forEach(name -> put(name, value, Origin.USER));
  }

  private void spec(String field, String key, Object value) {
    settings.put(key, new Setting(value.toString(), Origin.SPEC, "spec." + field));
  }

  private void operator(String key, String value) {
    put(key, value, Origin.OPERATOR);
  }

  private void put(String key, String value, Origin origin) {
    settings.put(key, new Setting(value, origin));
  }
}
