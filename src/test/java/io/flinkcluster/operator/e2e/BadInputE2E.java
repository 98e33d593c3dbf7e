package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.testcluster.Patience;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the API server accepts and the cluster cannot carry out. */
@EndToEnd(story = false)
@Order(4) // a long one: it begins before the others
class BadInputE2E {
  /** How soon a user must see what is wrong. */
  private static final Duration SOON = Patience.LONG;

  private static final String RUNNING = "top-speed";

  /** A fault, where it is told, and what puts it right. */
  enum Fault {
    IMAGE_THAT_CANNOT_BE_PULLED(
        "{'spec': {'image': 'flink:no-such-tag'}}",
        "ImagePullFailed",
        "flink:no-such-tag",
        "{'spec': {'image': 'flink:2.3'}}"),
    MISSING_SERVICE_ACCOUNT(
        "{'spec': {'serviceAccountName': 'nobody'}}",
        "ReferenceNotFound",
        "\"nobody\" not found",
        "{'spec': {'serviceAccountName': 'flink'}}"),
    MISSING_SECRET(
        "{'spec': {'secretFiles': [{'secretName': 'no-keys', 'mountPath': '/etc/keys'}]}}",
        "ReferenceNotFound",
        "\"no-keys\" not found",
        "{'spec': {'secretFiles': null}}"),
    MISSING_SECRET_OF_AN_OPTION(
        "{'spec': {'flinkConfiguration': {'s3.secret-key': '${secret:no-keys/key}'}}}",
        "ReferenceNotFound",
        "\"no-keys\" not found",
        "{'spec': {'flinkConfiguration': {'s3.secret-key': null}}}"),
    MISSING_CONFIG_MAP(
        "{'spec': {'hadoopConf': {'configMapName': 'no-hadoop'}}}",
        "ReferenceNotFound",
        "\"no-hadoop\" not found",
        "{'spec': {'hadoopConf': null}}"),
    NO_ROOM(
        "{'spec': {'taskManager': {'resources': {'requests': {'cpu': '999'}}}}}",
        "Unschedulable",
        "Insufficient cpu",
        "{'spec': {'taskManager': {'resources': {'requests': {'cpu': '100m'}}}}}"),
    NO_SUCH_CLASS(
        "{'spec': {'job': {'entryClass': 'org.example.Nowhere'}}}",
        "OperationFailed",
        "cannot be loaded: java.lang.ClassNotFoundException: org.example.Nowhere",
        "{'spec': {'job': {'entryClass': null}}}");

    final String change;
    final String reason;
    final String words;
    final String remedy;

    Fault(String change, String reason, String words, String remedy) {
      this.change = change;
      this.reason = reason;
      this.words = words;
      this.remedy = remedy;
    }
  }

  private E2eNamespace space;

  @BeforeAll
  void begin(E2eCluster cluster) {
    space = cluster.space("bad-input");
  }

  @AfterAll
  void leave() {
    space.close();
  }

  @ParameterizedTest
  @Order(1)
  @EnumSource
  @Undisturbed
  void aNewClusterTellsWhatIsWrongAndRunsWhenItIsPutRight(Fault fault) {
    String name = fault.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    String manifest = Templates.read("stateless", name, "2.3");
    space.apply(Templates.merged(manifest, fault.change));
    ClusterUnderTest subject = space.subject(name);
    Condition condition = subject.awaitCondition("Ready", SOON, fault.reason, fault.words);
    assertThat(condition.status()).isEqualTo("False");
    subject.patch(fault.remedy);
    subject.awaitReady();
    space.kubectl().ok("delete", "flc", name, "--wait=false");
  }

  @Test
  @Order(2)
  @Undisturbed
  void aChangeToAnImageThatCannotBePulledLeavesTheRunningJobAlone() {
    space.apply(Templates.firstExample("2.3"));
    ClusterUnderTest job = space.subject(RUNNING);
    String id = job.awaitReady().job().id();
    job.patch(Fault.IMAGE_THAT_CANNOT_BE_PULLED.change);
    job.awaitCondition("Ready", SOON, "ImagePullFailed", "flink:no-such-tag");
    FlinkClusterStatus given =
        job.await(
            "the change is given up",
            ClusterUnderTest.START,
            s -> s.operation() == null && ClusterUnderTest.isTrue(s, "Stalled"));
    assertThat(ClusterUnderTest.lastOperation(given).result()).isEqualTo(OperationResult.Abandoned);
    assertThat(ClusterUnderTest.lastOperation(given).message()).contains("flink:no-such-tag");
    assertThat(given.job().id()).isEqualTo(id);
    assertThat(given.job().state()).isEqualTo("RUNNING");
    job.patch("{'spec': {'image': 'flink:2.3'}}");
    assertThat(job.awaitReady().job().id()).isEqualTo(id);
  }

  @Test
  @Order(3)
  @Undisturbed
  void aChangeThatCrashesIsRolledBackFromItsSavepoint() {
    ClusterUnderTest job = space.subject(RUNNING);
    job.patch(Fault.NO_SUCH_CLASS.change);
    FlinkClusterStatus status =
        job.await(
            "the change is rolled back",
            ClusterUnderTest.START,
            s -> s.operation() == null && ClusterUnderTest.isTrue(s, "Stalled"));
    OperationRecord back = status.operations().get(0);
    OperationRecord failed = status.operations().get(1);
    assertThat(failed.result()).isEqualTo(OperationResult.RolledBack);
    assertThat(failed.message()).contains("org.example.Nowhere");
    assertThat(back.result()).isEqualTo(OperationResult.Succeeded);
    assertThat(job.restored()).isEqualTo(failed.savepoint());
    assertThat(status.job().state()).isEqualTo("RUNNING");
    assertThat(ClusterUnderTest.find(status, "Ready").orElseThrow().reason())
        .isEqualTo("RolledBack");
    job.patch(Fault.NO_SUCH_CLASS.remedy);
    job.awaitReady();
  }
}
