package io.flinkcluster.operator.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import org.junit.jupiter.api.Test;

class PodTemplatesTest {

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String RENDERED =
      """
      metadata: {labels: {a: "1"}}
      spec:
        containers:
        - name: flink
          env: [{name: A, value: "1"}, {name: B, value: "2"}]
          ports: [{name: rest, containerPort: 8081}]
          volumeMounts: [{name: v, mountPath: /v}]
          securityContext: {allowPrivilegeEscalation: false}
        volumes: [{name: v, emptyDir: {medium: Memory}}]
        tolerations: [{key: a}]
      """;

  @Test
  void withoutTemplatesThePodStaysAsItIs() {
    var rendered = rendered();

    assertThat(PodTemplates.merge(rendered, null, null)).isSameAs(rendered);
  }

  @Test
  void namedThingsAreMergedByName() {
    assertMerged(
        "{spec: {containers: [{name: flink, env: [{name: B, valueFrom: {fieldRef: {fieldPath: x}}},"
            + " {name: C, value: '3'}]}, {name: side, image: i}]}}",
        "/spec/containers/0/env",
        "[{name: A, value: '1'}, {name: B, valueFrom: {fieldRef: {fieldPath: x}}}, {name: C, value:"
            + " '3'}]");
  }

  @Test
  void aVolumeIsReplacedAsAWhole() {
    assertMerged(
        "{spec: {volumes: [{name: v, secret: {secretName: s}}, {name: w, emptyDir: {}}]}}",
        "/spec/volumes",
        "[{name: v, secret: {secretName: s}}, {name: w, emptyDir: {}}]");
  }

  @Test
  void mountsAreMergedByPath() {
    assertMerged(
        "{spec: {containers: [{name: flink, volumeMounts: [{name: x, mountPath: /v}, {name: y,"
            + " mountPath: /y}]}]}}",
        "/spec/containers/0/volumeMounts",
        "[{name: x, mountPath: /v}, {name: y, mountPath: /y}]");
  }

  @Test
  void portsAreMergedByNameElseByNumber() {
    assertMerged(
        "{spec: {containers: [{name: flink, ports: [{name: rest, containerPort: 9}, {containerPort:"
            + " 10}]}]}}",
        "/spec/containers/0/ports",
        "[{name: rest, containerPort: 9}, {containerPort: 10}]");
  }

  @Test
  void otherListsAreReplaced() {
    assertMerged("{spec: {tolerations: [{key: b}]}}", "/spec/tolerations", "[{key: b}]");
  }

  @Test
  void mapsAreMergedAndANullRemoves() {
    assertMerged(
        "{metadata: {labels: {b: '2'}}, spec: {containers: [{name: flink, securityContext:"
            + " null}]}}",
        "/metadata/labels",
        "{a: '1', b: '2'}");
    var pod = merged("{spec: {containers: [{name: flink, securityContext: null}]}}", null);
    assertThat(pod.at("/spec/containers/0/securityContext").isMissingNode()).isTrue();
  }

  @Test
  void theTemplateOfTheComponentComesLast() {
    assertThat(
            merged("{spec: {priorityClassName: a}}", "{spec: {priorityClassName: b}}")
                .at("/spec/priorityClassName")
                .asText())
        .isEqualTo("b");
  }

  @Test
  void quantitiesAreSpelledAsTheApiServerStoresThem() {
    assertMerged(
        "{spec: {containers: [{name: s, resources: {limits: {memory: 1024Mi, cpu: 0.5}}}]}}",
        "/spec/containers/1/resources/limits",
        "{memory: 1Gi, cpu: 500m}");
  }

  @Test
  void aFieldOfTheWrongTypeIsReportedWithoutItsValue() {
    assertThatThrownBy(() -> merged("{spec: {containers: hunter2}}", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hunter2");
  }

  private static void assertMerged(String template, String pointer, String expected) {
    assertThat(merged(template, null).at(pointer)).isEqualTo(tree(expected));
  }

  private static JsonNode merged(String common, String component) {
    return Json.tree(
        PodTemplates.merge(
            rendered(),
            (ObjectNode) tree(common),
            component == null ? null : (ObjectNode) tree(component)));
  }

  private static PodTemplateSpec rendered() {
    return Json.object(tree(RENDERED), PodTemplateSpec.class);
  }

  private static JsonNode tree(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
