package io.flinkcluster.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

class RefusalTest {
  @Test
  void onlyWhatTheApiServerSaidIsTold() {
    var status = new StatusBuilder().withCode(409).withMessage("the object was modified").build();
    assertThat(Refusal.words(new KubernetesClientException(status)))
        .isEqualTo("the object was modified");
    assertThat(
            Refusal.words(
                new KubernetesClientException(
                    "Failure executing: GET. Message: no. Received status: Status(apiVersion=v1)")))
        .isEqualTo("Failure executing: GET. Message: no.");
    assertThat(Refusal.words(new KubernetesClientException((String) null)))
        .isEqualTo("KubernetesClientException");
  }
}
