package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flinkcluster.operator.api.FlinkClusterStatus;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of a job all of whose state is on a real S3 server, which fails and comes back. */
@EndToEnd
@Order(2) // a long one: it begins before the others
@FullRunOnly
@ParameterizedClass
@ValueSource(strings = {"2.3", "1.20"})
class S3LifecycleE2E implements FullRunOnly.Versioned {
  private static final Duration OUTAGE = Duration.ofMinutes(1);

  @Parameter private String version;
  private E2eCluster cluster;
  private E2eNamespace space;
  private JobOnS3 onS3;
  private ClusterUnderTest job;

  @Override
  public String version() {
    return version;
  }

  @BeforeAll
  void find(E2eCluster found) {
    cluster = found;
  }

  @BeforeParameterizedClassInvocation
  void begin() {
    space = cluster.space("s3-life");
  }

  @AfterParameterizedClassInvocation
  void leave() {
    space.close();
  }

  @Test
  @Order(1)
  void itStartsWithTheRightsOfTheGuideAlone() throws Exception {
    onS3 = JobOnS3.start(space, version);
    job = onS3.job();
  }

  @Test
  @Order(2)
  void whileItMayNotWriteThatIsSaidAndItGoesOnWhenItMayAgain() throws Exception {
    FlinkClusterStatus before = job.status();
    long seen = job.checkpointInStatus();
    onS3.store().denyWrites();

    job.awaitCondition(
        "Ready",
        ClusterUnderTest.START,
        "JobRestarting",
        "Exceeded checkpoint tolerable failure threshold");
    assertThat(ClusterUnderTest.isTrue(job.status(), "StateSafe")).isTrue();
    onS3.store().allow();
    onS3.goesOnFrom(before, seen);
  }

  @Test
  @Order(3)
  void itIsRescaledFromOneToTwoWhileTheServerIsSlowAndThrottles() {
    onS3.store().trouble(200, 20);
    onS3.isRescaledTo(2);
    onS3.store().trouble(0, 0);
  }

  @Test
  @Order(4)
  void itsJobManagerIsLost() {
    onS3.losesItsJobManager();
  }

  @Test
  @Order(5)
  void whileTheServerIsGoneThatIsSaidAndItGoesOnWhenItIsBack() throws Exception {
    FlinkClusterStatus before = job.status();
    long seen = job.checkpointInStatus();
    onS3.store().kill();

    await("the job waits for the server and runs on")
        .during(OUTAGE)
        .atMost(OUTAGE.multipliedBy(2))
        .until(
            () ->
                job.status().job().id().equals(before.job().id())
                    && ClusterUnderTest.isTrue(job.status(), "StateSafe"));
    onS3.store().revive();
    onS3.goesOn(before, seen); // the plugin tries for minutes: nothing need have been begun anew
  }

  @Test
  @Order(6)
  void itIsRescaledFromTwoToOne() {
    onS3.isRescaledTo(1);
  }

  @Test
  @Order(7)
  void whatItsFirstStartLeftIsDeletedAndNothingElse() {
    onS3.leavesNothingOfItsFirstStart();
  }

  @Test
  @Order(8)
  void itIsDeletedAndMadeAgainFromTheSameManifest() {
    onS3.isDeletedAndMadeAgain();
  }
}
