package io.flinkcluster.operator.admit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Problem;
import java.util.List;

/** Resources for tests: a small good one, with changes merged over its spec. */
public final class Resource {

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final String GOOD =
      """
      metadata: {name: wordcount, namespace: demo, uid: u-1, generation: 3}
      spec:
        flinkVersion: "2.3"
        image: flink:2.3
        job: {jarURI: "local:///opt/job.jar"}
        storage: {baseURI: "s3://bucket/flink"}
      """;

  private Resource() {}

  /** The good resource with these YAML documents merged over its spec; null removes. */
  public static FlinkCluster with(String... changes) {
    try {
      var tree = (ObjectNode) YAML.readTree(GOOD);
      for (String change : changes) {
        merge((ObjectNode) tree.get("spec"), (ObjectNode) YAML.readTree(change));
      }
      return YAML.treeToValue(tree, FlinkCluster.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The good resource under another name. */
  public static FlinkCluster named(String name) {
    FlinkCluster cluster = with("{}");
    cluster.getMetadata().setName(name);
    return cluster;
  }

  /** What the checks make of it; fails where they refuse it. */
  public static CheckedCluster checked(String... changes) {
    Admission admission = AdmissionRules.check(with(changes));
    assertThat(admission).isInstanceOf(Admission.Accepted.class);
    return ((Admission.Accepted) admission).cluster();
  }

  /** The problems; empty where it is accepted. */
  public static List<Problem> problems(FlinkCluster cluster) {
    return AdmissionRules.check(cluster) instanceof Admission.Refused refused
        ? refused.problems()
        : List.of();
  }

  private static void merge(ObjectNode target, ObjectNode change) {
    change
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isNull()) {
                target.remove(field.getKey());
              } else if (target.get(field.getKey()) instanceof ObjectNode object
                  && field.getValue() instanceof ObjectNode over) {
                merge(object, over);
              } else {
                target.set(field.getKey(), field.getValue());
              }
            });
  }
}
