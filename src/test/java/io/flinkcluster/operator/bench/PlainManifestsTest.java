package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PlainManifestsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void nothingIsLeftOfTheServerAndOfTheOperator() throws IOException {
    String made =
        """
        {"kind": "List", "items": [
          {"kind": "Deployment",
           "metadata": {"name": "d", "namespace": "n", "uid": "u", "resourceVersion": "1",
             "creationTimestamp": "t", "managedFields": [], "ownerReferences": [{}],
             "generation": 1, "finalizers": [], "annotations": {"flinkcluster.io/hash": "h"},
             "labels": {"flinkcluster.io/cluster": "d",
               "app.kubernetes.io/managed-by": "flinkcluster-operator"}},
           "spec": {"template": {"spec": {"schedulingGates": [{"name": "g"}], "containers": []}}},
           "status": {"replicas": 1}},
          {"kind": "Service", "metadata": {"name": "s"},
           "spec": {"clusterIP": "1.2.3.4", "clusterIPs": ["1.2.3.4"], "ports": []}},
          {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "b"}}]}
        """;
    String plain =
        """
        {"kind": "List", "items": [
          {"kind": "Service", "metadata": {"name": "s"}, "spec": {"ports": []}},
          {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "b"}},
          {"kind": "Deployment",
           "metadata": {"name": "d", "labels": {"plain.example/cluster": "d",
             "app.kubernetes.io/managed-by": "nobody"}},
           "spec": {"template": {"spec": {"containers": []}}}}]}
        """;
    assertThat(JSON.readTree(PlainManifests.of(made))).isEqualTo(JSON.readTree(plain));
  }
}
