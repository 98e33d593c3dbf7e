package io.flinkcluster.operator.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code FlinkCluster} of {@code flinkoperator.k8s.io}. */
final class FlinkOperatorClusters {

  /** What a process has there, and a pod here. */
  private static final List<String> OF_THE_POD =
      List.of(
          "volumes",
          "nodeSelector",
          "tolerations",
          "affinity",
          "securityContext",
          "hostAliases",
          "initContainers",
          "topologySpreadConstraints",
          "priorityClassName");

  private static final List<String> OF_THE_CONTAINER =
      List.of("volumeMounts", "livenessProbe", "readinessProbe");

  private static final Map<String, String> PORTS_OF_JOB_MANAGER =
      Map.of("rpc", "jobManagerRpc", "blob", "blob", "query", "queryService", "ui", "rest");
  private static final Map<String, String> PORTS_OF_TASK_MANAGER =
      Map.of("rpc", "taskManagerRpc", "data", "taskManagerData");

  private FlinkOperatorClusters() {}

  static void convert(Source from, Result to) {
    from.text("spec", "flinkVersion")
        .ifPresent(v -> CommonFields.version("spec.flinkVersion", v, to));
    from.text("spec", "image", "name").ifPresent(v -> to.spec().put("image", v));
    from.text("spec", "image", "pullPolicy").ifPresent(v -> to.spec().put("imagePullPolicy", v));
    JsonNode secrets = from.take("spec", "image", "pullSecrets");
    if (!secrets.isMissingNode()) {
      to.spec().set("imagePullSecrets", secrets);
    }
    from.text("spec", "serviceAccountName").ifPresent(v -> to.spec().put("serviceAccountName", v));
    job(from, to);
    FlinkOptionFields.carry("spec.flinkProperties", from.take("spec", "flinkProperties"), to);
    process("jobManager", PORTS_OF_JOB_MANAGER, from, to);
    process("taskManager", PORTS_OF_TASK_MANAGER, from, to);
    if (!to.object("taskManager").has("replicas")) {
      to.note("spec.taskManager.replicas", "was not set: the default is 1 here");
    }
    environment(from, to);
    files(from, to);
    CommonFields.logging("spec.logConfig", from.take("spec", "logConfig"), to);
    ingress(from, to);
    from.take("spec", "revisionHistoryLimit"); // revisions are not kept: savepoints are
    from.take("spec", "recreateOnUpdate"); // every change does what it needs
    CommonFields.size(to, true);
    state(to);
    from.take("status");
  }

  private static void job(Source from, Result to) {
    if (!from.has("spec", "job")) {
      return;
    }
    ObjectNode job = to.object("job");
    from.text("spec", "job", "jarFile").ifPresent(v -> job.put("jarURI", jar(v)));
    from.text("spec", "job", "className").ifPresent(v -> job.put("entryClass", v));
    JsonNode args = from.take("spec", "job", "args");
    if (!args.isMissingNode()) {
      job.set("args", args);
    }
    from.text("spec", "job", "parallelism")
        .ifPresent(v -> job.put("parallelism", Integer.parseInt(v)));
    from.text("spec", "job", "fromSavepoint").ifPresent(v -> job.put("initialSavepoint", v));
    from.text("spec", "job", "allowNonRestoredState")
        .filter("true"::equals)
        .ifPresent(v -> job.put("allowNonRestoredState", true));
    from.text("spec", "job", "savepointsDir")
        .ifPresent(v -> to.object("storage").put("savepoints", v));
    from.text("spec", "job", "autoSavepointSeconds")
        .ifPresent(v -> to.object("storage").put("savepointInterval", v + "s"));
    from.text("spec", "job", "takeSavepointOnUpgrade")
        .or(() -> from.text("spec", "job", "takeSavepointOnUpdate"))
        .filter("false"::equals)
        .ifPresent(v -> job.put("upgradeMode", "LastCheckpoint"));
    if (!from.take("spec", "job", "cleanupPolicy").isMissingNode()) {
      to.note(
          "spec.job.cleanupPolicy",
          "was left out: the resource stays when its job has ended, and tells the result");
    }
    if (!from.take("spec", "job", "restartPolicy").isMissingNode()) {
      to.note(
          "spec.job.restartPolicy",
          "was left out: a job that is lost is started again from its newest state; a job that"
              + " fails within Flink follows restart-strategy in flinkConfiguration");
    }
    from.take("spec", "job", "mode"); // an application cluster either way
    from.take("spec", "job", "noLoggingToStdout"); // of the submitter, which is no more
  }

  /** A path within the image is seen from Flink's home there. */
  private static String jar(String written) {
    if (written.matches("^[a-z][a-z0-9+.-]*:.*")) {
      return written;
    }
    String path = written.replaceFirst("^\\./", "");
    return "local://" + (path.startsWith("/") ? path : "/opt/flink/" + path);
  }

  private static void process(String name, Map<String, String> ports, Source from, Result to) {
    from.text("spec", name, "replicas")
        .ifPresent(v -> to.object(name).put("replicas", Integer.parseInt(v)));
    JsonNode resources = from.take("spec", name, "resources");
    if (!resources.isMissingNode()) {
      to.object(name).set("resources", resources);
    }
    ports.forEach(
        (there, here) ->
            from.text("spec", name, "ports", there)
                .ifPresent(v -> to.object("ports").put(here, Integer.parseInt(v))));
    from.take("spec", name, "ports", "query"); // one port for both processes
    for (String field : OF_THE_POD) {
      JsonNode value = from.take("spec", name, field);
      if (!value.isMissingNode()) {
        to.object(name, "podTemplate", "spec").set(field, value);
      }
    }
    for (String field : OF_THE_CONTAINER) {
      JsonNode value = from.take("spec", name, field);
      if (!value.isMissingNode()) {
        to.flinkContainer(name, "podTemplate").set(field, value);
      }
    }
    JsonNode sidecars = from.take("spec", name, "sidecars");
    if (!sidecars.isMissingNode()) {
      to.flinkContainer(name, "podTemplate");
      sidecars.forEach(s -> to.object(name, "podTemplate", "spec").withArray("/containers").add(s));
    }
    for (String map : List.of("Annotations", "Labels")) {
      JsonNode value = from.take("spec", name, "pod" + map);
      if (!value.isMissingNode()) {
        to.object(name, "podTemplate", "metadata")
            .set(map.toLowerCase(java.util.Locale.ROOT), value);
      }
    }
    if (!from.take("spec", name, "accessScope").isMissingNode()) {
      to.note(
          "spec.jobManager.accessScope",
          "was left out: the Service of the REST API is reached within the cluster; name who may"
              + " in networkPolicy.restFrom, or use an ingress");
    }
  }

  private static void environment(Source from, Result to) {
    for (Map.Entry<String, String> field :
        Map.of("envVars", "env", "envFrom", "envFrom").entrySet()) {
      JsonNode value = from.take("spec", field.getKey());
      if (!value.isMissingNode()) {
        to.flinkContainer("podTemplate").set(field.getValue(), value);
      }
    }
  }

  private static void files(Source from, Result to) {
    from.text("spec", "hadoopConfig", "configMapName")
        .ifPresent(v -> to.object("hadoopConf").put("configMapName", v));
    from.text("spec", "hadoopConfig", "mountPath")
        .ifPresent(v -> to.object("hadoopConf").put("mountPath", v));
    Optional<String> secret = from.text("spec", "gcpConfig", "serviceAccount", "secretName");
    if (secret.isPresent()) {
      String mount =
          from.text("spec", "gcpConfig", "serviceAccount", "mountPath").orElse("/etc/gcp");
      Optional<String> key = from.text("spec", "gcpConfig", "serviceAccount", "keyFile");
      to.spec()
          .withArray("/secretFiles")
          .addObject()
          .put("secretName", secret.get())
          .put("mountPath", mount);
      key.ifPresent(
          file ->
              to.flinkContainer("podTemplate")
                  .withArray("/env")
                  .addObject()
                  .put("name", "GOOGLE_APPLICATION_CREDENTIALS")
                  .put("value", mount + "/" + file));
    }
  }

  private static void ingress(Source from, Result to) {
    Optional<String> host = from.text("spec", "jobManager", "ingress", "hostFormat");
    JsonNode annotations = from.take("spec", "jobManager", "ingress", "annotations");
    Optional<String> secret = from.text("spec", "jobManager", "ingress", "tlsSecretName");
    from.take("spec", "jobManager", "ingress", "useTls");
    if (host.isEmpty()) {
      return;
    }
    ObjectNode ingress = to.object("ingress");
    ingress.put(
        "host",
        host.get().replace("{{$clusterName}}", to.name()).replace("{{ $clusterName }}", to.name()));
    if (!annotations.isMissingNode()) {
      ingress.set("annotations", annotations);
    }
    secret.ifPresent(v -> ingress.put("tlsSecretName", v));
    to.note(
        "spec.jobManager.ingress",
        "networkPolicy.restFrom must name the ingress controller, or nothing reaches the REST port");
  }

  /** There a job without a place for savepoints loses its state with every change. */
  private static void state(Result to) {
    JsonNode job = to.spec().path("job");
    JsonNode storage = to.spec().path("storage");
    if (job instanceof ObjectNode object
        && !storage.has("checkpoints")
        && !storage.has("savepoints")) {
      object.put("upgradeMode", "Stateless");
      to.note(
          "spec.job.savepointsDir",
          "was not set: upgradeMode is Stateless, as it was in effect. To keep state set"
              + " storage.baseURI and remove upgradeMode");
    }
  }
}
