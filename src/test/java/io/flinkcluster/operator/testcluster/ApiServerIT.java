package io.flinkcluster.operator.testcluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

@RealApiServer
class ApiServerIT {

  @Test
  void theDefinitionIsInstalled(TestNamespace namespace) {
    assertThat(namespace.kubectl().ok("get", "flc")).contains("No resources found");
  }

  @Test
  void theAuditLogKnowsExactlyWhoAskedForWhat(ApiServer server, TestNamespace namespace) {
    try (var client = server.client("counted")) {
      var mark = server.audit().mark();
      var map =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withName("counted")
              .withNamespace(namespace.name())
              .endMetadata()
              .build();
      client.resource(map).create();
      client.configMaps().inNamespace(namespace.name()).withName("counted").get();
      client.configMaps().inNamespace(namespace.name()).list();
      client.resource(map).delete();

      var requests = server.audit().requestsOf("counted", mark);
      assertThat(requests)
          .extracting(AuditLog.Request::verb)
          .containsExactly("create", "get", "list", "delete");
      assertThat(requests).extracting(AuditLog.Request::resource).containsOnly("configmaps");
      assertThat(requests)
          .extracting(AuditLog.Request::namespace)
          .isEqualTo(
              List.of(namespace.name(), namespace.name(), namespace.name(), namespace.name()));
      assertThat(server.audit().requestsOf("counted", server.audit().mark())).isEmpty();
    }
  }

  @Test
  void aServiceAccountHasOnlyTheRightsOfItsRoles(ApiServer server, TestNamespace namespace) {
    try (var client = server.clientAs("unprivileged", namespace.name(), "flink")) {
      var mark = server.audit().mark();
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () -> client.pods().inNamespace(namespace.name()).list()))
          .hasMessageContaining("forbidden");
      assertThat(
              server
                  .audit()
                  .requestsOf("system:serviceaccount:" + namespace.name() + ":flink", mark))
          .singleElement()
          .satisfies(request -> assertThat(request.code()).isEqualTo(403));
    }
  }

  @Test
  void aNamespaceThatIsDeletedGoes(ApiServer server) {
    TestNamespace namespace = TestNamespace.create(server, "goes");
    namespace.close();
    assertThat(
            server
                .admin()
                .namespaces()
                .withName(namespace.name())
                .waitUntilCondition(
                    found -> found == null, 20, java.util.concurrent.TimeUnit.SECONDS))
        .isNull();
  }
}
