package io.flinkcluster.operator.admit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import io.flinkcluster.operator.api.AfterFinishSpec;
import io.flinkcluster.operator.api.ChildMetadataSpec;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.HadoopConfSpec;
import io.flinkcluster.operator.api.HighAvailabilitySpec;
import io.flinkcluster.operator.api.IngressSpec;
import io.flinkcluster.operator.api.JobManagerSpec;
import io.flinkcluster.operator.api.JobSpec;
import io.flinkcluster.operator.api.NetworkPolicySpec;
import io.flinkcluster.operator.api.OnRecreate;
import io.flinkcluster.operator.api.PlacementSpec;
import io.flinkcluster.operator.api.Ports;
import io.flinkcluster.operator.api.Rerun;
import io.flinkcluster.operator.api.RescaleMode;
import io.flinkcluster.operator.api.RescaleSpec;
import io.flinkcluster.operator.api.Resources;
import io.flinkcluster.operator.api.S3Plugin;
import io.flinkcluster.operator.api.SecretFile;
import io.flinkcluster.operator.api.StateBackend;
import io.flinkcluster.operator.api.StorageSpec;
import io.flinkcluster.operator.api.TaskManagerSpec;
import io.flinkcluster.operator.api.UpgradeMode;
import io.flinkcluster.operator.api.ZonePlacement;
import io.flinkcluster.operator.model.CanonicalQuantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Fills in the defaults of the schema. The API server does so too, but not for resources that an
 * older schema stored, and not for blocks that are absent as a whole.
 */
final class SpecDefaults {

  private SpecDefaults() {}

  static FlinkClusterSpec fill(FlinkClusterSpec s) {
    return new FlinkClusterSpec(
        s.flinkVersion(),
        s.image(),
        s.imagePullPolicy(),
        list(s.imagePullSecrets()),
        or(s.serviceAccountName(), "flink"),
        or(s.suspend(), false),
        s.bufferTimeout(),
        ports(s.ports()),
        s.job() == null ? null : job(s.job()),
        jobManager(s.jobManager()),
        taskManager(s.taskManager()),
        template(s.podTemplate()),
        placement(s.placement()),
        s.storage() == null ? null : storage(s.storage()),
        new HighAvailabilitySpec(
            s.highAvailability() != null && or(s.highAvailability().enabled(), false)),
        new RescaleSpec(
            s.rescale() == null
                ? RescaleMode.Savepoint
                : or(s.rescale().mode(), RescaleMode.Savepoint)),
        s.autoscaling() == null ? null : AutoscalingDefaults.fill(s.autoscaling()),
        or(s.changeTimeout(), "10m"),
        or(s.rollback(), true),
        s.hadoopConf() == null ? null : hadoopConf(s.hadoopConf()),
        list(s.secretFiles()).stream().map(SpecDefaults::secretFile).toList(),
        map(s.flinkConfiguration()),
        map(s.logConfiguration()),
        s.ingress() == null ? null : ingress(s.ingress()),
        networkPolicy(s.networkPolicy()),
        childMetadata(s.childMetadata()));
  }

  private static ChildMetadataSpec childMetadata(ChildMetadataSpec given) {
    return given == null
        ? ChildMetadataSpec.NONE
        : new ChildMetadataSpec(map(given.labels()), map(given.annotations()));
  }

  /** What places no pod otherwise is as if it were not there, and restarts nothing. */
  private static PlacementSpec placement(PlacementSpec given) {
    boolean placed = given != null && given.zones() != null && given.zones() != ZonePlacement.Any;
    return placed ? given : null;
  }

  private static Ports ports(Ports given) {
    var p = given == null ? new Ports(null, null, null, null, null, null, null) : given;
    return new Ports(
        or(p.jobManagerRpc(), 6123),
        or(p.blob(), 6124),
        or(p.rest(), 8081),
        or(p.taskManagerRpc(), 6122),
        or(p.taskManagerData(), 6121),
        or(p.queryService(), 6125),
        or(p.metrics(), 9249));
  }

  private static JobSpec job(JobSpec j) {
    return new JobSpec(
        j.jarURI(),
        j.entryClass(),
        list(j.args()),
        j.parallelism(),
        or(j.maxParallelism(), 720),
        or(j.upgradeMode(), UpgradeMode.Savepoint),
        j.initialSavepoint(),
        or(j.allowNonRestoredState(), false),
        j.onDelete(),
        or(j.onRecreate(), OnRecreate.Refuse),
        or(j.rerun(), Rerun.OnChange),
        j.afterFinish() == null || keepsUnset(j.afterFinish())
            ? AfterFinishSpec.DEFAULT
            : j.afterFinish());
  }

  private static boolean keepsUnset(AfterFinishSpec given) {
    return given.keep() == null || given.keep().getValue() == null;
  }

  private static JobManagerSpec jobManager(JobManagerSpec given) {
    return given == null
        ? new JobManagerSpec(1, resources(null), null)
        : new JobManagerSpec(
            or(given.replicas(), 1), resources(given.resources()), template(given.podTemplate()));
  }

  private static TaskManagerSpec taskManager(TaskManagerSpec given) {
    return given == null
        ? new TaskManagerSpec(1, 1, resources(null), null)
        : new TaskManagerSpec(
            or(given.replicas(), 1),
            or(given.taskSlots(), 1),
            resources(given.resources()),
            template(given.podTemplate()));
  }

  private static Resources resources(Resources given) {
    return given == null
        ? new Resources(Map.of(), Map.of())
        : new Resources(canonical(given.requests()), canonical(given.limits()));
  }

  private static Map<String, Quantity> canonical(Map<String, Quantity> given) {
    var quantities = new TreeMap<String, Quantity>();
    map(given)
        .forEach(
            (name, quantity) ->
                quantities.put(
                    name,
                    thousandths(name, quantity.toString())
                        ? quantity
                        : new Quantity(CanonicalQuantity.of(quantity.toString()))));
    return quantities;
  }

  /** So little memory is a mistake, which is told in the words in which it was made. */
  private static boolean thousandths(String name, String quantity) {
    return name.equals("memory")
        && quantity.endsWith("m")
        && CanonicalQuantity.value(quantity)
            .filter(bytes -> bytes.compareTo(BigDecimal.valueOf(1L << 20)) < 0)
            .isPresent();
  }

  private static StorageSpec storage(StorageSpec s) {
    return new StorageSpec(
        s.baseURI(),
        s.checkpoints(),
        s.savepoints(),
        s.highAvailability(),
        or(s.checkpointInterval(), "60s"),
        or(s.stateBackend(), StateBackend.HashMap),
        or(s.s3Plugin(), S3Plugin.Presto),
        s.savepointInterval(),
        s.savepointHistory());
  }

  private static HadoopConfSpec hadoopConf(HadoopConfSpec given) {
    return new HadoopConfSpec(given.configMapName(), or(given.mountPath(), "/etc/hadoop/conf"));
  }

  private static SecretFile secretFile(SecretFile given) {
    return new SecretFile(given.secretName(), given.mountPath(), or(given.mode(), "0400"));
  }

  private static IngressSpec ingress(IngressSpec given) {
    return new IngressSpec(
        given.host(),
        or(given.path(), "/"),
        or(given.pathType(), "Prefix"),
        given.className(),
        map(given.annotations()),
        given.tlsSecretName());
  }

  private static NetworkPolicySpec networkPolicy(NetworkPolicySpec given) {
    return given == null
        ? new NetworkPolicySpec(true, List.of())
        : new NetworkPolicySpec(or(given.enabled(), true), list(given.restFrom()));
  }

  private static ObjectNode template(ObjectNode given) {
    return given == null || given.isEmpty() ? null : given;
  }

  private static <T> T or(T given, T otherwise) {
    return given == null ? otherwise : given;
  }

  private static <T> List<T> list(List<T> given) {
    return given == null ? List.of() : given.stream().filter(Objects::nonNull).toList();
  }

  private static <T> Map<String, T> map(Map<String, T> given) {
    var sorted = new TreeMap<String, T>();
    if (given != null) {
      given.forEach(
          (key, value) -> {
            if (value != null) {
              sorted.put(key, value);
            }
          });
    }
    return sorted;
  }
}
