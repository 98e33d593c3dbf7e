package io.flinkcluster.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiServerCallsTest {
  @ParameterizedTest
  @CsvSource({
    "/api/v1/namespaces/a/pods/b, pods",
    "/api/v1/pods?watch=true, pods",
    "/api/v1/namespaces/a, namespaces",
    "/apis/apps/v1/namespaces/a/deployments, deployments",
    "/apis/flinkcluster.io/v1/flinkclusters?limit=500, flinkclusters",
    "/apis/flinkcluster.io/v1/namespaces/a/flinkclusters/b/status, flinkclusters",
    "/version, ''",
    "/, ''",
  })
  void theResourceIsReadFromThePath(String path, String resource) {
    assertThat(ApiServerCalls.resource(URI.create("https://127.0.0.1:6443" + path)))
        .isEqualTo(resource);
  }
}
