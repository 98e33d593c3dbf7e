package io.flinkcluster.operator.admit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whether a template has the shape of a pod at all: known fields of the right types, and in its
 * lists every key once.
 */
final class TemplateShape {

  private static final String REMEDY = "write it as in the template of a Deployment";

  private static final ObjectMapper MAPPER =
      new ObjectMapper()
          .setAnnotationIntrospector(new KnownFields())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** What tells the items of a list apart, by the list's name. */
  private static final Map<String, String> OF_CONTAINER =
      Map.of(
          "env", "name",
          "ports", "containerPort",
          "volumeMounts", "mountPath",
          "volumeDevices", "devicePath");

  private TemplateShape() {}

  static void check(String field, ObjectNode template, Findings findings) {
    try {
      // What else it has at the top is named by a rule of its own.
      MAPPER.treeToValue(template.deepCopy().retain("metadata", "spec"), PodTemplateSpec.class);
    } catch (UnrecognizedPropertyException e) {
      findings.refuse(field + path(e), null, "is not a field of a pod template", REMEDY);
    } catch (JsonMappingException e) {
      findings.refuse(field + path(e), null, "has the wrong type", REMEDY);
    } catch (JsonProcessingException e) {
      findings.refuse(field, null, "is no pod template", REMEDY);
    }
    JsonNode pod = template.path("spec");
    once(field + ".spec.", pod, "hostAliases", "ip", findings);
    once(field + ".spec.", pod, "imagePullSecrets", "name", findings);
    for (String list : new String[] {"containers", "initContainers"}) {
      for (JsonNode container : pod.path(list)) {
        String at = field + ".spec." + list + "[" + container.path("name").asText() + "].";
        OF_CONTAINER.forEach((name, key) -> once(at, container, name, key, findings));
      }
    }
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step ->
                step.getFieldName() == null
                    ? "[" + step.getIndex() + "]"
                    : "." + step.getFieldName())
        .collect(Collectors.joining());
  }

  private static void once(String at, JsonNode owner, String list, String key, Findings findings) {
    var seen = new HashSet<String>();
    int index = 0;
    for (JsonNode item : owner.path(list)) {
      String value = item.path(key).asText();
      if (list.equals("ports")) {
        value += "/" + item.path("protocol").asText("TCP");
      }
      if (item.hasNonNull(key) && !seen.add(value)) {
        findings.refuse(
            at + list + "[" + index + "]",
            null,
            "the " + key + " " + value + " is given twice",
            "remove one of the two");
      }
      index++;
    }
  }

  /** The model keeps what it does not know for later; here it must be an error. */
  private static final class KnownFields extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return null;
    }
  }
}
