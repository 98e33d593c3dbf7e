package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.Ports;
import io.flinkcluster.operator.flinkconf.DefaultOptions;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.BufferTimeout;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.PortSet;
import io.flinkcluster.operator.model.SpecFingerprint;
import io.flinkcluster.operator.model.StorageDirs;
import java.util.Optional;
import java.util.SortedMap;

/** Decides whether a spec can be carried out. */
public final class AdmissionRules {

  private AdmissionRules() {}

  /**
   * Checks everything that can be known from the resource alone and reports all problems at once.
   * Fields that are absent take the defaults of the schema, also where an older schema did not
   * write them.
   *
   * @param cluster with metadata as the API server gives it; the spec may be null
   */
  public static Admission check(FlinkCluster cluster) {
    return check(cluster, DefaultOptions.NONE);
  }

  /**
   * As {@link #check(FlinkCluster)}, of what the cluster gets together with the operator's
   * defaults.
   */
  public static Admission check(FlinkCluster cluster, DefaultOptions defaults) {
    var findings = new Findings();
    var metadata = cluster.getMetadata();
    var names = new ClusterNames(metadata.getNamespace(), metadata.getName());
    if (cluster.getSpec() == null) {
      findings.refuse("spec", null, "is missing", "write a spec");
      return new Admission.Refused(findings.problems());
    }
    FlinkClusterSpec spec = SpecDefaults.fill(cluster.getSpec());
    StorageDirs dirs = Directories.of(spec.storage(), names);
    Optional<BufferTimeout> bufferTimeout = BufferTimeouts.read(spec.bufferTimeout(), findings);
    IdentityRules.check(names.name(), spec, findings);
    JobRules.check(spec, findings);
    RescaleRules.check(spec, findings);
    AutoscalingRules.check(spec, findings);
    SortedMap<String, String> own = defaults.of(OptionRules.version(spec));
    SortedMap<String, String> options = OptionRules.effective(spec, own);
    ResourceRules.check(spec, findings);
    MemoryRules.check(spec, options, findings);
    StorageRules.check(spec, dirs, findings);
    PeriodicSavepointRules.check(spec, dirs, findings);
    HighAvailabilityRules.check(spec, dirs, findings);
    ConfigurationRules.check(spec, findings);
    BufferTimeouts.checkMixes(spec, bufferTimeout, options, findings);
    FileRules.check(spec, findings);
    HadoopRules.check(spec, findings);
    FileSystemRules.check(spec, dirs, findings);
    PodTemplateRules.check(spec, findings);
    EnvironmentRules.check(spec, findings);
    IngressRules.check(spec, findings);
    ChildMetadataRules.check(spec.childMetadata(), findings);
    PortRules.check(spec, ports(spec.ports()), findings);
    if (!findings.problems().isEmpty()) {
      return new Admission.Refused(findings.problems());
    }
    return new Admission.Accepted(
        checked(cluster, names, OptionRules.normalised(spec), dirs, bufferTimeout, own),
        findings.warnings());
  }

  private static CheckedCluster checked(
      FlinkCluster cluster,
      ClusterNames names,
      FlinkClusterSpec spec,
      StorageDirs dirs,
      Optional<BufferTimeout> bufferTimeout,
      SortedMap<String, String> defaults) {
    var metadata = cluster.getMetadata();
    int parallelism = parallelism(spec);
    return new CheckedCluster(
        names,
        metadata.getUid(),
        metadata.getGeneration() == null ? 0 : metadata.getGeneration(),
        spec,
        bufferTimeout,
        ports(spec.ports()),
        dirs,
        parallelism,
        ResourceRules.memory(spec.jobManager().resources(), ResourceRules.JOB_MANAGER_DEFAULT),
        ResourceRules.memory(spec.taskManager().resources(), ResourceRules.TASK_MANAGER_DEFAULT),
        SpecFingerprint.fingerprint(spec, bufferTimeout, dirs, parallelism),
        defaults);
  }

  /** A suspended cluster may have no slots at all; its job still has a parallelism. */
  private static int parallelism(FlinkClusterSpec spec) {
    int slots = spec.taskManager().replicas() * spec.taskManager().taskSlots();
    if (spec.job() == null) {
      return slots;
    }
    return spec.job().parallelism() != null ? spec.job().parallelism() : Math.max(1, slots);
  }

  private static PortSet ports(Ports ports) {
    return new PortSet(
        ports.jobManagerRpc(),
        ports.blob(),
        ports.rest(),
        ports.taskManagerRpc(),
        ports.taskManagerData(),
        ports.queryService(),
        ports.metrics());
  }
}
