package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.aws.FakeS3Main;
import io.flinkcluster.operator.e2e.exactlyonce.JobJar;
import io.flinkcluster.operator.e2e.exactlyonce.Output;
import io.flinkcluster.operator.report.Conditions;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A job whose jar and state are on S3, or what speaks like it in a pod beside it. */
@EndToEnd
class FetchedJarE2E {
  private static final String NAME = "fetched";

  private E2eCluster cluster;
  private E2eNamespace space;
  private ClusterUnderTest job;
  private int committed;

  @BeforeAll
  void begin(E2eCluster found) {
    cluster = found;
    space = cluster.space("fetched-jar");
    job = space.subject(NAME);
    space
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("store")
                .withNamespace(space.name())
                .endMetadata()
                .addToBinaryData("job-1.jar", encoded(JobJar.bytes()))
                .addToBinaryData("job-2.jar", encoded(JobJar.bytes()))
                .addToBinaryData("fake-s3.jar", encoded(JobJar.bytes(FakeS3Main.class)))
                .build())
        .create();
  }

  private static String encoded(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @AfterAll
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  @Undisturbed
  void aJarThatIsNotThereIsNamed() {
    space.apply(Templates.read("fetched", NAME, "2.3"));
    space.kubectl().ok("wait", "pod/store", "--for=condition=Ready", "--timeout=120s");

    job.awaitCondition(
        "Ready",
        Duration.ofSeconds(60),
        "FetchFailed",
        "cannot fetch s3://store/no-such.jar: it does not exist (HTTP 404 NoSuchKey)");
  }

  @Test
  @Order(2)
  void theJobRunsWithTheJarFromS3() {
    job.patch("{'spec': {'job': {'jarURI': 's3://store/job-1.jar'}}}");

    var status = job.awaitReady();
    assertThat(Conditions.find(status, Conditions.STORAGE_READY))
        .as("the directories were tried in the JobManager's pod")
        .map(Condition::reason)
        .contains("StorageChecked");
    space.kubectl().ok("wait", "pod/reader", "--for=condition=Ready", "--timeout=120s");
    goesOn();
  }

  @Test
  @Order(3)
  void itIsUpgradedToAnotherJar() {
    job.patch("{'spec': {'job': {'jarURI': 's3://store/job-2.jar'}}}");

    OperationRecord operation = ClusterUnderTest.lastOperation(job.awaitReady());
    assertThat(operation.type()).isEqualTo(OperationType.Upgrade);
    assertThat(operation.result()).isEqualTo(OperationResult.Succeeded);
    goesOn();
  }

  @Test
  @Order(4)
  void aLostJobManagerIsRecoveredFromACheckpointOnS3ThatTheOperatorHasNotSeen() {
    String before = job.status().job().id();
    long newest = unseenCheckpoint();
    space.crash(job.pod("jobmanager"), "");
    recoveredFrom(before, newest);
  }

  @Test
  @Order(5)
  void withoutTheMarkInItsPodItIsRefusedSinceNobodyHasLookedOnS3Again() {
    String before = job.status().job().id();
    cluster.withoutOperator(
        () -> {
          space.crash(job.pod("jobmanager"), "rm -r /flinkcluster/start-mark/started; ");
          await("the container is refused")
              .atMost(ClusterUnderTest.START)
              .until(() -> lastWords().contains("flinkcluster-fetch has not looked"));
        });
    recoveredFrom(before, 1);
  }

  private String lastWords() {
    return space
        .kubectl()
        .ok(
            "get",
            "pods",
            "-l",
            "app.kubernetes.io/component=jobmanager",
            "-o",
            "jsonpath={..lastState.terminated.message}");
  }

  private void recoveredFrom(String before, long newest) {
    job.await(
        "another job",
        ClusterUnderTest.START,
        s -> s.job() != null && !before.equals(s.job().id()));
    OperationRecord operation = ClusterUnderTest.lastOperation(job.awaitReady());
    assertThat(operation.type()).isEqualTo(OperationType.Recovery);
    assertThat(job.restored()).startsWith("s3://store/flink/").contains(before);
    assertThat(ClusterUnderTest.checkpoint(job.restored())).isGreaterThanOrEqualTo(newest);
    goesOn();
  }

  private long unseenCheckpoint() {
    return await("a checkpoint that the operator has not seen")
        .atMost(ClusterUnderTest.START)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              long seen = ClusterUnderTest.checkpoint(job.status().job().checkpoints().lastPath());
              long newest = ClusterUnderTest.checkpoint(job.newestCheckpoint());
              return newest > seen ? newest : 0;
            },
            number -> number > 0);
  }

  /** Reading the output checks that nothing is there twice. */
  private void goesOn() {
    int now =
        new Output(space.kubectl().ok("exec", "reader", "--", "bash", "-c", "cat /data/out/*.done"))
            .numbers();
    assertThat(now).as("committed numbers").isGreaterThan(committed);
    committed = now;
  }
}
