package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.flinkcluster.operator.api.FlinkCluster;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TolerantMapperTest {
  private final AtomicInteger unreadable = new AtomicInteger();
  private final KubernetesSerialization reading =
      new KubernetesSerialization(TolerantMapper.create(unreadable::incrementAndGet), true);

  @Test
  void fieldsOfANewerOperatorArePassedOver() {
    var cluster = cluster("\"image\": \"flink\", \"fromTheFuture\": {\"a\": [1]}");
    assertThat(cluster.getSpec().image()).isEqualTo("flink");
    assertThat(unreadable).hasValue(0);
  }

  @Test
  void anUnknownConstantReadsAsNull() {
    assertThat(cluster("\"flinkVersion\": \"9.9\"").getSpec().flinkVersion()).isNull();
  }

  @Test
  void aFieldOfTheWrongTypeReadsAsNullAndIsCounted() {
    var cluster =
        cluster(
            "\"image\": \"flink\", \"suspend\": {\"a\": [1, 2]}, \"taskManager\": {\"replicas\":"
                + " \"many\"}, \"job\": [], \"serviceAccountName\": \"me\"");
    assertThat(cluster.getSpec().suspend()).isNull();
    assertThat(cluster.getSpec().taskManager().replicas()).isNull();
    assertThat(cluster.getSpec().job()).isNull();
    assertThat(cluster.getSpec().serviceAccountName()).isEqualTo("me");
    assertThat(unreadable).hasValue(3);
  }

  @Test
  void aScalarInThePlaceOfAnObjectReadsAsNullAndIsCounted() {
    var cluster =
        cluster(
            "\"job\": \"x\", \"storage\": 5, \"taskManager\": true, \"podTemplate\": 1.5,"
                + " \"jobManager\": \"\", \"serviceAccountName\": \"me\"");
    assertThat(cluster.getSpec().job()).isNull();
    assertThat(cluster.getSpec().storage()).isNull();
    assertThat(cluster.getSpec().taskManager()).isNull();
    assertThat(cluster.getSpec().jobManager()).isNull();
    assertThat(cluster.getSpec().serviceAccountName()).isEqualTo("me");
    assertThat(unreadable).hasValueGreaterThanOrEqualTo(4);
  }

  @Test
  void managedFieldsAreNeitherReadNorWritten() {
    var deployment =
        reading.unmarshal(
            "{\"apiVersion\": \"apps/v1\", \"kind\": \"Deployment\", \"metadata\": {\"name\":"
                + " \"d\", \"managedFields\": [{\"manager\": \"m\"}]}}",
            Deployment.class);
    assertThat(deployment.getMetadata().getManagedFields()).isEmpty();
    assertThat(reading.asJson(deployment)).contains("\"d\"").doesNotContain("managedFields");
  }

  private FlinkCluster cluster(String spec) {
    return reading.unmarshal(
        "{\"apiVersion\": \"flinkcluster.io/v1\", \"kind\": \"FlinkCluster\", \"metadata\":"
            + " {\"name\": \"c\"}, \"spec\": {"
            + spec
            + "}}",
        FlinkCluster.class);
  }
}
