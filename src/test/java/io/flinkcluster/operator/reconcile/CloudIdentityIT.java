package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.report.Conditions;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** As whom pods speak to AWS, from pods that an API server made; a few seconds each. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class CloudIdentityIT {
  private final ClusterFixture scene;

  CloudIdentityIT(ApiServer server) {
    scene = ClusterFixture.in(server, "identity");
  }

  @AfterEach
  void leave() {
    scene.close();
  }

  private static Optional<Condition> identity(FlinkClusterStatus status) {
    return Conditions.find(status, Conditions.CLOUD_IDENTITY_READY);
  }

  private static boolean is(FlinkClusterStatus status, String reason) {
    return ClusterFixture.is(status, Conditions.CLOUD_IDENTITY_READY, reason);
  }

  /** What the webhook of IRSA adds to each container of a pod. */
  private static String irsa(String role) {
    return """
        podTemplate:
          spec:
            containers:
              - name: flink
                env:
                  - {name: AWS_ROLE_ARN, value: "%s"}
                  - {name: AWS_WEB_IDENTITY_TOKEN_FILE, value: /var/run/token}
        """
        .formatted(role);
  }

  @Test
  void podsWithoutARoleActAsTheirNodeWhichIsWarnedOfAndHoldsNothingBack() {
    scene.apply("");
    FlinkClusterStatus status = scene.awaitReady();
    assertThat(identity(status).orElseThrow().status()).isEqualTo("False");
    assertThat(identity(status).orElseThrow().message())
        .contains("ServiceAccount flink", "eks.amazonaws.com/role-arn");
    await("a warning")
        .untilAsserted(
            () ->
                assertThat(
                        scene
                            .namespace
                            .kubectl()
                            .ok(
                                "get",
                                "events",
                                "--field-selector",
                                "reason=NodeRole,type=Warning"))
                    .contains("act as their node"));
  }

  @Test
  void theRoleThatPodsWereGivenIsToldAndFollowsThem() {
    scene.apply(irsa("arn:aws:iam::1:role/jobs"));
    scene.awaitReady();
    scene.await(
        "the role",
        s ->
            is(s, "WebIdentity")
                && identity(s).orElseThrow().message().contains("1:role/jobs, by"));
    scene.apply(irsa("arn:aws:iam::1:role/others"));
    scene.awaitReady();
    scene.await("the new role", s -> identity(s).orElseThrow().message().contains("role/others"));
    scene.patch("{'spec': {'suspend': true}}");
    scene.await("nobody", s -> is(s, "NoPods"));
    assertThat(ClusterFixture.is(scene.status(), "Stalled")).isFalse();
  }

  @Test
  void whereNothingIsOnS3AndNoRoleIsGivenNothingIsTold() {
    scene.session("");
    assertThat(identity(scene.awaitReady())).isEmpty();
  }
}
