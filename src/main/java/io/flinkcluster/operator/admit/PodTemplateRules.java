package io.flinkcluster.operator.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.ZonePlacement;
import io.flinkcluster.operator.model.Labels;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules for pod templates: what of a pod belongs to the operator. */
final class PodTemplateRules {

  private static final String REMOVE = "remove it";
  private static final String FLINK = "flink";
  private static final String TOKEN = "automountServiceAccountToken";
  private static final String RESERVED = "flinkcluster-";
  private static final Map<String, String> OF_POD =
      Map.of(
          "serviceAccountName", "use spec.serviceAccountName",
          "serviceAccount", "use spec.serviceAccountName",
          "schedulingGates", REMOVE,
          "hostNetwork", "remove it; Flink's ports are reached through Services",
          "hostname", REMOVE,
          "subdomain", REMOVE,
          "activeDeadlineSeconds", REMOVE);
  private static final Map<String, String> OF_FLINK =
      Map.of(
          "command", "remove it; the operator starts Flink",
          "args", "use spec.job.args for arguments of the job",
          "image", "use spec.image",
          "imagePullPolicy", "use spec.imagePullPolicy",
          "resources", "use spec.jobManager.resources and spec.taskManager.resources");
  private static final Set<String> OF_USER_IN_FETCH =
      Set.of("name", "env", "envFrom", "volumeMounts", "resources");

  /** Where in a pod the operator renders it. */
  private static final Map<ZonePlacement, List<String>> OF_PLACEMENT =
      Map.of(
          ZonePlacement.Any,
          List.of(),
          ZonePlacement.Same,
          List.of("affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution"),
          ZonePlacement.Spread,
          List.of("topologySpreadConstraints"));

  private final FlinkClusterSpec spec;
  private final String field;
  private final Findings findings;

  private PodTemplateRules(FlinkClusterSpec spec, String field, Findings findings) {
    this.spec = spec;
    this.field = field;
    this.findings = findings;
  }

  static void check(FlinkClusterSpec spec, Findings findings) {
    check(spec, "spec.podTemplate", spec.podTemplate(), findings);
    check(spec, "spec.jobManager.podTemplate", spec.jobManager().podTemplate(), findings);
    check(spec, "spec.taskManager.podTemplate", spec.taskManager().podTemplate(), findings);
  }

  private static void check(
      FlinkClusterSpec spec, String field, ObjectNode template, Findings findings) {
    if (template != null) {
      new PodTemplateRules(spec, field, findings).check(template);
    }
  }

  private void check(ObjectNode template) {
    TemplateShape.check(field, template, findings);
    present(template, ".", "metadata", "spec");
    present(template.path("metadata"), ".metadata.", "labels", "annotations");
    template
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals("metadata") && !name.equals("spec")) {
                refuse("." + name, "a pod template has metadata and spec only", REMOVE);
              }
            });
    checkMetadata(template.path("metadata"));
    JsonNode pod = template.path("spec");
    present(pod, ".spec.", "containers", "initContainers", "volumes");
    OF_POD.forEach((name, remedy) -> owned(pod, ".spec.", name, remedy));
    if (pod.hasNonNull("restartPolicy") && !pod.path("restartPolicy").asText().equals("Always")) {
      refuse(".spec.restartPolicy", "pods of a Deployment restart always", REMOVE);
    }
    if (spec.highAvailability().enabled()
        && pod.path(TOKEN).isBoolean()
        && !pod.path(TOKEN).booleanValue()) {
      refuse(".spec." + TOKEN, "high availability needs the token for the API server", REMOVE);
    }
    placed(pod);
    checkNamed(pod, "containers");
    checkNamed(pod, "initContainers");
    checkNamed(pod, "volumes");
    pod.path("containers").forEach(this::checkContainer);
  }

  /** Lists of rules are replaced as a whole: what spec.placement asks for would be gone. */
  private void placed(JsonNode pod) {
    if (spec.placement() == null) {
      return;
    }
    JsonNode node = pod;
    String path = ".spec";
    for (String name : OF_PLACEMENT.get(spec.placement().zones())) {
      path += "." + name;
      node = node.path(name);
      if (node.isNull() || node.isArray()) {
        refuse(
            path,
            "would replace what spec.placement.zones: " + spec.placement().zones() + " asks for",
            "remove one of the two");
      }
    }
  }

  private void checkMetadata(JsonNode metadata) {
    metadata
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals("labels") && !name.equals("annotations")) {
                refuse(".metadata." + name, "belongs to the operator", REMOVE);
              }
            });
    for (String kind : List.of("labels", "annotations")) {
      metadata
          .path(kind)
          .fieldNames()
          .forEachRemaining(
              key -> {
                if (ChildMetadataRules.isOurs(key)) {
                  refuse(".metadata." + kind + "." + key, "belongs to the operator", REMOVE);
                }
              });
    }
  }

  private void checkNamed(JsonNode pod, String list) {
    var names = new HashSet<String>();
    JsonNode items = pod.path(list);
    if (!items.isMissingNode() && !items.isNull() && !items.isArray()) {
      refuse(".spec." + list, "is not a list", "write a list");
      return;
    }
    for (int i = 0; i < items.size(); i++) {
      String name = items.get(i).path("name").asText("");
      String path = ".spec." + list + "[" + i + "].name";
      if (name.isEmpty()) {
        refuse(path, "is missing; entries are merged by name", "set it");
      } else if (!names.add(name)) {
        refuse(path, "the name " + name + " is given twice", "remove one of the two");
      } else if (list.equals("initContainers") && name.equals(Labels.FETCH)) {
        checkFetch(items.get(i), ".spec.initContainers[" + name + "].");
      } else if (name.startsWith(RESERVED)) {
        refuse(path, "names that begin with " + RESERVED + " belong to the operator", "rename it");
      }
    }
  }

  /** Of the container that fetches, a user says how it reaches the world. */
  private void checkFetch(JsonNode container, String at) {
    container
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!OF_USER_IN_FETCH.contains(name)) {
                refuse(at + name, "belongs to the operator", REMOVE);
              }
            });
    present(container, at, "env", "volumeMounts", "resources");
    for (JsonNode env : container.path("env")) {
      if (env.path("name").asText().startsWith("FETCH_")) {
        refuse(at + "env[" + env.path("name").asText() + "]", "belongs to the operator", REMOVE);
      }
    }
  }

  private void checkContainer(JsonNode container) {
    if (!container.path("name").asText().equals(FLINK)) {
      return;
    }
    String at = ".spec.containers[flink].";
    present(container, at, "env", "volumeMounts", "ports");
    OF_FLINK.forEach((name, remedy) -> owned(container, at, name, remedy));
    checkMounts(container, at);
  }

  private void checkMounts(JsonNode container, String at) {
    for (JsonNode mount : container.path("volumeMounts")) {
      String path = mount.path("mountPath").asText();
      MountPaths.hidden(spec, path)
          .ifPresent(
              hidden ->
                  refuse(
                      at + "volumeMounts[" + path + "]",
                      "would hide " + hidden,
                      "mount it elsewhere; Flink is configured by spec.flinkConfiguration and"
                          + " spec.logConfiguration"));
    }
  }

  private void owned(JsonNode node, String at, String name, String remedy) {
    boolean off = node.path(name).isBoolean() && !node.path(name).booleanValue();
    if (node.has(name) && !off) {
      refuse(at + name, "belongs to the operator", remedy);
    }
  }

  /** A null in a template removes what the operator rendered. */
  private void present(JsonNode node, String at, String... names) {
    for (String name : names) {
      if (node.path(name).isNull()) {
        refuse(at + name, "is null, which would remove what the operator sets", REMOVE);
      }
    }
  }

  /** Values are not shown: a template may hold anything. */
  private void refuse(String path, String reason, String remedy) {
    findings.refuse(field + path, null, reason, remedy);
  }
}
