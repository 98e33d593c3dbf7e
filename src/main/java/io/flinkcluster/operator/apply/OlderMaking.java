package io.flinkcluster.operator.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects of a start that an earlier version of the operator rendered in another way. They are left
 * as they are until the next start: rolling them would restart a running job, or leave its
 * processes with configurations that differ. Only size, labels and annotations are changed.
 */
final class OlderMaking {
  private static final Logger LOG = LoggerFactory.getLogger(OlderMaking.class);
  private static final String OURS = FlinkCluster.GROUP + "/";

  private OlderMaking() {}

  /**
   * Whether to apply it would change what runs. A template is compared by its hash: one that only
   * lost a field would seem to be there already, and yet roll every pod.
   */
  static boolean is(HasMetadata wanted, HasMetadata actual) {
    if (ObjectOwner.epoch(wanted).isEmpty()
        || annotation(wanted, Labels.RENDERED).equals(annotation(actual, Labels.RENDERED))) {
      return false;
    }
    if (wanted instanceof Deployment) {
      return !PreparedTemplate.isGivenUp(wanted, actual)
          && !annotation(wanted, Labels.TEMPLATE).equals(annotation(actual, Labels.TEMPLATE));
    }
    return wanted instanceof ConfigMap w
        && actual instanceof ConfigMap a
        && !(Objects.equals(w.getData(), a.getData()) && sameBinaryData(w, a));
  }

  /** None is null, or an empty map, as the client likes. */
  static boolean sameBinaryData(ConfigMap one, ConfigMap other) {
    return binaryData(one).equals(binaryData(other));
  }

  private static Map<String, String> binaryData(ConfigMap map) {
    return map.getBinaryData() == null ? Map.of() : map.getBinaryData();
  }

  /**
   * Brings up to date what touches no pod. Not applied: that would take away every other field that
   * is applied under the same name.
   */
  static void update(KubernetesClient client, HasMetadata wanted, HasMetadata actual) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    add(metadata, "labels", labels(wanted), labels(actual), given(actual, "label:"));
    add(
        metadata,
        "annotations",
        annotations(wanted),
        annotations(actual),
        given(actual, "annotation:"));
    if (!annotation(wanted, Labels.GIVEN).equals(annotation(actual, Labels.GIVEN))) {
      String given = annotations(wanted).get(Labels.GIVEN);
      metadata.withObject("/annotations").put(Labels.GIVEN, given);
    }
    if (wanted instanceof Deployment w && actual instanceof Deployment a) {
      Integer replicas = w.getSpec().getReplicas();
      if (replicas != null && !replicas.equals(a.getSpec().getReplicas())) {
        patch.putObject("spec").put("replicas", replicas);
      }
    }
    if (metadata.isEmpty() && patch.isEmpty()) {
      return;
    }
    LOG.info(
        "changing {} {}/{} of an earlier version: {} {}",
        wanted.getKind(),
        wanted.getMetadata().getNamespace(),
        wanted.getMetadata().getName(),
        metadata,
        patch);
    patch.set("metadata", metadata.put("uid", actual.getMetadata().getUid()));
    client
        .resource(actual)
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.JSON_MERGE)
                .withFieldManager(Labels.OPERATOR)
                .build(),
            patch.toString());
  }

  /** Those that the user gave and does not want any more are taken away. */
  private static void add(
      ObjectNode metadata,
      String field,
      Map<String, String> wanted,
      Map<String, String> actual,
      Set<String> given) {
    ObjectNode changes = JsonNodeFactory.instance.objectNode();
    wanted.forEach(
        (key, value) -> {
          if (!key.startsWith(OURS) && !value.equals(actual.get(key))) {
            changes.put(key, value);
          }
        });
    for (String key : actual.keySet()) {
      if (!key.startsWith(OURS) && given.contains(key) && !wanted.containsKey(key)) {
        changes.putNull(key);
      }
    }
    if (!changes.isEmpty()) {
      metadata.set(field, changes);
    }
  }

  /** Keys that the user gave, and may have taken back since. */
  private static Set<String> given(HasMetadata object, String kind) {
    return Stream.of(annotation(object, Labels.GIVEN).split(" "))
        .filter(key -> key.startsWith(kind))
        .map(key -> key.substring(kind.length()))
        .collect(Collectors.toSet());
  }

  private static Map<String, String> labels(HasMetadata object) {
    return ObjectOwner.labels(object);
  }

  private static Map<String, String> annotations(HasMetadata object) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  /** An annotation; empty where it is absent. */
  static String annotation(HasMetadata object, String key) {
    return annotations(object).getOrDefault(key, "");
  }
}
