package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.RealApiServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The last acts of a deletion, which nobody repeats once the resource is gone. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class DeletionIT {
  private static final String HA = "highAvailability: {enabled: true}";

  private final ClusterFixture scene;

  DeletionIT(ApiServer server) {
    scene = ClusterFixture.in(server, "deletion");
  }

  @AfterEach
  void leave() {
    mended();
    scene.close();
  }

  /**
   * Such requests are answered with status 500, as where the webhook of another controller is down.
   */
  private void broken(String operation, String name) {
    scene
        .namespace
        .kubectl()
        .apply(
            """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: %1$s}
            webhooks:
            - name: down.example.com
              admissionReviewVersions: [v1]
              sideEffects: None
              failurePolicy: Fail
              timeoutSeconds: 1
              clientConfig: {url: "https://127.0.0.1:9/down"}
              namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
              rules:
              - {apiGroups: [""], apiVersions: [v1], operations: [%2$s], resources: [configmaps, services]}
              matchConditions:
              - {name: name, expression: "request.name == '%3$s'"}
            """
                .formatted(scene.namespace.name(), operation, name));
  }

  private void mended() {
    scene
        .namespace
        .kubectl()
        .ok(
            "delete",
            "validatingwebhookconfiguration",
            scene.namespace.name(),
            "--ignore-not-found");
  }

  @Test
  void waitsUntilTheRestorePointIsWrittenDown() {
    scene.apply("");
    scene.awaitReady();
    broken("CREATE", "a-final-savepoint");
    scene.delete();
    scene.await("said", s -> ClusterFixture.message(s, "Ready").contains("failed calling webhook"));
    mended();
    scene.awaitGone();
    assertThat(scene.finalSavepoint().orElseThrow()).contains("/savepoints/");
  }

  @Test
  void waitsUntilFlinksRecoveryDataIsRemoved() {
    scene.apply(", onDelete: Cancel", HA);
    scene.awaitReady();
    String id = scene.recoveryData();
    broken("DELETE", id + "-cluster-config-map");
    scene.delete();
    scene.await("said", s -> ClusterFixture.message(s, "Ready").contains("failed calling webhook"));
    mended();
    scene.awaitGone();
    assertThat(scene.namespace.kubectl().ok("get", "cm", "-l", "app=" + id, "-o", "name"))
        .isEmpty();
  }

  @Test
  void namesAnObjectWhoseRemovalIsNotLetThrough() {
    scene.apply(", onDelete: Cancel", "");
    scene.awaitReady();
    broken("DELETE", "a-rest");
    scene.delete();
    scene.await(
        "named", s -> ClusterFixture.message(s, "Ready").equals("still to go: Service a-rest"));
    mended();
    scene.awaitGone();
  }

  /** The cache may be behind; here the label is gone by which it would hear of the ConfigMap. */
  @Test
  void isRememberedWhereOnlyALiveReadTells() {
    scene.apply("");
    scene.awaitReady();
    scene.delete();
    scene.awaitGone();
    String path = scene.finalSavepoint().orElseThrow();
    scene
        .namespace
        .kubectl()
        .ok("label", "configmap", "a-final-savepoint", "app.kubernetes.io/managed-by-");
    scene.apply("");
    assertThat(ClusterFixture.message(scene.awaitStalled("NoRestorePoint"), "Stalled"))
        .contains(path);
    assertThat(scene.fake().starts()).hasSize(1);
  }

  @Test
  void isNotHeldUpForEverByThat() {
    scene.apply("");
    scene.awaitReady();
    broken("CREATE", "a-final-savepoint");
    scene.delete();
    scene.await("said", s -> ClusterFixture.message(s, "Ready").contains("failed calling webhook"));
    scene.clock.forward(java.time.Duration.ofMinutes(6));
    scene.awaitGone();
    assertThat(scene.finalSavepoint()).isEmpty();
  }

  /** States that a cluster may rest in for ever. */
  enum Rest {
    /** What it refers to is not there. */
    NEVER_STARTED {
      @Override
      void bring(ClusterFixture scene) {
        scene.apply("hadoopConf: {configMapName: hadoop}");
        scene.await("named", s -> ClusterFixture.message(s, "Ready").contains("\"hadoop\""));
      }
    },
    /** Its change is only planned. */
    PLANNED {
      @Override
      void bring(ClusterFixture scene) {
        run(scene);
        scene.annotate("plan", "true");
        scene.patch("{'spec': {'image': 'flink:2.3-next'}}");
        scene.awaitStalled("Planned");
      }
    },
    /** Its change is refused. */
    REFUSED {
      @Override
      void bring(ClusterFixture scene) {
        run(scene);
        scene.patch("{'spec': {'flinkConfiguration': {'rest.port': '1'}}}");
        scene.await("refused", s -> ClusterFixture.message(s, "ConfigValid").contains("rest.port"));
      }
    },
    /** Its change has failed. */
    ABANDONED {
      @Override
      void bring(ClusterFixture scene) {
        run(scene);
        scene.fake().savepoints(FakeCluster.Savepoints.FAIL);
        scene.scale(2);
        scene.awaitStalled("RolledBack");
        scene.fake().savepoints(FakeCluster.Savepoints.COMPLETE);
      }
    },
    /** Its change finds no room. */
    WAITING {
      @Override
      void bring(ClusterFixture scene) {
        run(scene);
        scene.holdBack(2);
        scene.scale(2);
        scene.awaitStage(OperationStage.Preparing);
      }
    },
    SUSPENDED {
      @Override
      void bring(ClusterFixture scene) {
        run(scene);
        scene.patch("{'spec': {'suspend': true}}");
        scene.awaitReady();
      }
    };

    abstract void bring(ClusterFixture scene);

    private static void run(ClusterFixture scene) {
      scene.apply("");
      scene.awaitReady();
    }
  }

  @ParameterizedTest
  @EnumSource
  void endsInEachStateWithASavepointWhereThereWasAJob(Rest state) {
    state.bring(scene);
    scene.delete();
    scene.awaitGone();
    int jobs = state == Rest.NEVER_STARTED ? 0 : 1;
    assertThat(scene.fake().starts()).hasSize(jobs);
    assertThat(scene.fake().snapshots().stream().filter(FakeCluster.Snapshot::savepoint))
        .extracting(FakeCluster.Snapshot::path)
        .hasSize(jobs)
        .containsExactlyElementsOf(scene.finalSavepoint().stream().toList());
  }
}
