package io.flinkcluster.operator.cli.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** {@code FlinkDeployment} of {@code flink.apache.org}. */
final class FlinkDeployments {
  private static final String MAIN = "flink-main-container";

  private FlinkDeployments() {}

  static void convert(Source from, Result to) {
    from.text("spec", "flinkVersion")
        .ifPresent(v -> CommonFields.version("spec.flinkVersion", v, to));
    from.text("spec", "image").ifPresent(v -> to.spec().put("image", v));
    from.text("spec", "imagePullPolicy").ifPresent(v -> to.spec().put("imagePullPolicy", v));
    from.text("spec", "serviceAccount").ifPresent(v -> to.spec().put("serviceAccountName", v));
    from.take("spec", "mode"); // both modes become the one there is
    job(from, to);
    FlinkOptionFields.carry("spec.flinkConfiguration", from.take("spec", "flinkConfiguration"), to);
    process("jobManager", from, to);
    process("taskManager", from, to);
    CommonFields.podTemplate(
        "spec.podTemplate", from.take("spec", "podTemplate"), MAIN, to, "podTemplate");
    CommonFields.logging("spec.logConfiguration", from.take("spec", "logConfiguration"), to);
    ingress(from, to);
    boolean replicas = to.object("taskManager").has("replicas");
    CommonFields.size(to, replicas);
    if (!from.take("spec", "restartNonce").isMissingNode()) {
      to.note(
          "spec.restartNonce",
          "was left out: a restart is asked for by the annotation flinkcluster.io/restart");
    }
  }

  private static void job(Source from, Result to) {
    if (!from.has("spec", "job")) {
      return;
    }
    ObjectNode job = to.object("job");
    from.text("spec", "job", "jarURI").ifPresent(v -> job.put("jarURI", v));
    from.text("spec", "job", "entryClass").ifPresent(v -> job.put("entryClass", v));
    JsonNode args = from.take("spec", "job", "args");
    if (!args.isMissingNode()) {
      job.set("args", args);
    }
    from.text("spec", "job", "parallelism")
        .ifPresent(v -> job.put("parallelism", Integer.parseInt(v)));
    job.put("upgradeMode", upgradeMode(from.text("spec", "job", "upgradeMode")));
    from.text("spec", "job", "allowNonRestoredState")
        .filter("true"::equals)
        .ifPresent(v -> job.put("allowNonRestoredState", true));
    from.text("spec", "job", "state")
        .filter("suspended"::equalsIgnoreCase)
        .ifPresent(v -> to.spec().put("suspend", true));
    startingPoint(from, job, to);
    for (String nonce :
        new String[] {
          "savepointTriggerNonce",
          "checkpointTriggerNonce",
          "savepointRedeployNonce",
          "autoscalerResetNonce"
        }) {
      from.take("spec", "job", nonce); // what it asked for was done long ago
    }
  }

  /** What it was started from once, or, of a resource that was read back, its newest savepoint. */
  private static void startingPoint(Source from, ObjectNode job, Result to) {
    Optional<String> initial = from.text("spec", "job", "initialSavepointPath");
    Optional<String> newest =
        from.text("status", "jobStatus", "upgradeSavepointPath")
            .or(
                () ->
                    from.text("status", "jobStatus", "savepointInfo", "lastSavepoint", "location"));
    from.take("status");
    newest
        .or(() -> initial)
        .ifPresent(
            path -> {
              job.put("initialSavepoint", path);
              to.note(
                  newest.isPresent() ? "status.jobStatus" : "spec.job.initialSavepointPath",
                  "the first start continues from "
                      + path
                      + ": suspend the old resource first, and name the savepoint that it left");
            });
  }

  private static String upgradeMode(Optional<String> written) {
    return switch (written.orElse("stateless")) {
      case "savepoint" -> "Savepoint";
      case "last-state" -> "LastCheckpoint";
      default -> "Stateless";
    };
  }

  private static void process(String name, Source from, Result to) {
    from.text("spec", name, "replicas")
        .ifPresent(v -> to.object(name).put("replicas", Integer.parseInt(v)));
    from.text("spec", name, "taskSlots") // of early versions
        .ifPresent(v -> to.object(name).put("taskSlots", Integer.parseInt(v)));
    from.text("spec", name, "resource", "memory")
        .ifPresent(
            written ->
                Values.memory(written)
                    .ifPresentOrElse(
                        memory -> {
                          to.object(name, "resources", "requests").put("memory", memory);
                          to.object(name, "resources", "limits").put("memory", memory);
                        },
                        () ->
                            to.note("spec." + name + ".resource.memory", written + " is no size")));
    from.text("spec", name, "resource", "cpu")
        .ifPresent(cpu -> to.object(name, "resources", "requests").put("cpu", cpu));
    from.text("spec", name, "resource", "ephemeralStorage")
        .flatMap(Values::memory)
        .ifPresent(size -> to.object(name, "resources", "limits").put("ephemeral-storage", size));
    CommonFields.podTemplate(
        "spec." + name + ".podTemplate",
        from.take("spec", name, "podTemplate"),
        MAIN,
        to,
        name,
        "podTemplate");
  }

  private static void ingress(Source from, Result to) {
    Optional<String> template = from.text("spec", "ingress", "template");
    if (template.isEmpty()) {
      return;
    }
    String name = to.name();
    String namespace = to.namespace();
    String filled = template.get().replace("{{name}}", name).replace("{{namespace}}", namespace);
    String host = filled.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
    ObjectNode ingress = to.object("ingress");
    ingress.put("host", host.isEmpty() ? name + ".example.com" : host);
    if (host.isEmpty() || filled.contains("/")) {
      to.note(
          "spec.ingress.template",
          "the path "
              + filled.substring(filled.indexOf('/'))
              + " was left out: the web UI is at the root of its host"
              + (host.isEmpty() ? ", for which an example was written" : ""));
    }
    from.text("spec", "ingress", "className").ifPresent(v -> ingress.put("className", v));
    JsonNode annotations = from.take("spec", "ingress", "annotations");
    if (!annotations.isMissingNode()) {
      ingress.set("annotations", annotations);
    }
    JsonNode tls = from.take("spec", "ingress", "tls");
    if (tls.path(0).has("secretName")) {
      ingress.put("tlsSecretName", tls.path(0).path("secretName").asText());
    }
    to.note(
        "spec.ingress",
        "networkPolicy.restFrom must name the ingress controller, or nothing reaches the REST port");
  }
}
