package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.report.Conditions;
import io.flinkcluster.operator.testcluster.Patience;
import java.util.List;

/**
 * The verifying job with its checkpoints, its savepoints and the recovery data of its JobManager on
 * S3, and what is done to it whatever the plugin by which Flink speaks to S3.
 */
final class JobOnS3 {
  static final String NAME = "on-s3";

  private final E2eNamespace space;
  private final String manifests;
  private final S3Store store;
  private final Verifying verifying;
  private final ClusterUnderTest job;

  private JobOnS3(E2eNamespace space, String manifests, S3Store store, Verifying verifying) {
    this.space = space;
    this.manifests = manifests;
    this.store = store;
    this.verifying = verifying;
    this.job = verifying.job();
  }

  /**
   * Starts the server and the job, and waits until it is ready.
   *
   * @param storage further fields of {@code spec.storage} in YAML, one a line
   */
  static JobOnS3 start(E2eNamespace space, String version, String... storage) throws Exception {
    S3Store store = S3Store.start(space, NAME, version);
    String interval = "    checkpointInterval: 1s\n";
    String manifests =
        Templates.read("on-s3", NAME, version)
            .replace(interval, interval + String.join("\n", storage).indent(4));
    var started = new JobOnS3(space, manifests, store, Verifying.start(space, NAME, manifests));
    FlinkClusterStatus status = started.job.status();
    assertThat(Conditions.find(status, Conditions.STORAGE_READY).map(Condition::reason))
        .contains("StorageChecked");
    assertThat(status.restorePoint().path()).startsWith(started.uri("checkpoints/"));
    assertThat(store.keys("ha/")).as("recovery data").isNotEmpty();
    started.goesOn();
    return started;
  }

  ClusterUnderTest job() {
    return job;
  }

  S3Store store() {
    return store;
  }

  /** The address of this directory of the cluster. */
  String uri(String directory) {
    return "s3://state/flink/" + space.name() + "/" + NAME + "/" + directory;
  }

  /** More is committed than at the last time, and nothing twice. */
  void goesOn() {
    verifying.goesOnWithNothingTwice();
  }

  void isRescaledTo(int parallelism) {
    job.patch("{'spec': {'job': {'parallelism': %d}}}".formatted(parallelism));
    OperationRecord operation = ClusterUnderTest.lastOperation(job.awaitReady());
    assertThat(operation.type()).isEqualTo(OperationType.Rescale);
    assertThat(operation.result()).isEqualTo(OperationResult.Succeeded);
    assertThat(operation.savepoint()).startsWith(uri("savepoints/"));
    assertThat(job.restored()).isEqualTo(operation.savepoint());
    assertThat(job.parallelism()).isEqualTo(parallelism);
    goesOn();
  }

  /** Its successor finds the same job, and goes on with it, from what is on S3 alone. */
  void losesItsJobManager() {
    FlinkClusterStatus before = job.status();
    long seen = job.checkpointInStatus();
    Pod lost = job.pod("jobmanager");
    space
        .kubectl()
        .ok("delete", "pod", lost.getMetadata().getName(), "--grace-period=0", "--force");
    goesOnFrom(before, seen);
    assertThat(job.pod("jobmanager").getMetadata().getUid())
        .isNotEqualTo(lost.getMetadata().getUid());
  }

  /** The same job of the same start completes checkpoints again, after one of this number. */
  void goesOn(FlinkClusterStatus before, long seen) {
    FlinkClusterStatus status =
        job.await(
            "a later checkpoint",
            ClusterUnderTest.START,
            s ->
                ClusterUnderTest.isTrue(s, "Ready")
                    && ClusterUnderTest.checkpoint(s.job().checkpoints().lastPath()) > seen + 1);
    assertThat(status.job().id()).isEqualTo(before.job().id());
    assertThat(status.launch().epoch()).isEqualTo(before.launch().epoch());
    goesOn();
  }

  /** The same, and it was begun anew with one of this number or a later one. */
  void goesOnFrom(FlinkClusterStatus before, long seen) {
    goesOn(before, seen);
    // The later checkpoint may have been the last of the JobManager before.
    await("Flink says what it has gone on from")
        .atMost(Patience.LONG)
        .untilAsserted(
            () -> {
              assertThat(job.restored()).startsWith(uri("checkpoints/")).contains("/chk-");
              assertThat(ClusterUnderTest.checkpoint(job.restored())).isGreaterThanOrEqualTo(seen);
            });
  }

  /** As a JobManager that is lost leaves it; with the rights of the guide it can be deleted. */
  void leavesNothingOfItsFirstStart() {
    String uid = space.kubectl().ok("get", "flc", NAME, "-o", "jsonpath={.metadata.uid}");
    String left = "checkpoints/" + Ids.jobId(uid, 1) + "/";
    store.write(left + "chk-7/_metadata");
    store.write(left + "shared/a");
    // Flink may have left more of it: S3 was slow and refused a part of what it was asked.
    List<String> there = store.keys(left);
    assertThat(job.status().launch().epoch()).isGreaterThan(1);
    String present = "checkpoints/" + job.status().job().id() + "/";

    assertThat(space.plugin("storage", NAME, "--older-than=0"))
        .contains(uri(left).replaceFirst("/$", "\n  → can go: "), "can go; add --delete to delete");
    assertThat(store.keys(left)).hasSizeGreaterThanOrEqualTo(2).isEqualTo(there);
    assertThat(space.plugin("storage", NAME, "--older-than=0", "--delete"))
        .contains(uri(left).replaceFirst("/$", "\n  → deleted: "));

    assertThat(store.keys(left)).isEmpty();
    assertThat(store.keys(present)).isNotEmpty();
    goesOn();
  }

  /** It leaves a savepoint, from which one of the same manifest continues. */
  void isDeletedAndMadeAgain() {
    space.kubectl().ok("delete", "flc", NAME, "--timeout=180s");
    String path = job.finalSavepoint();
    assertThat(path).startsWith(uri("savepoints/"));
    assertThat(store.keys("ha/")).as("recovery data that is left").isEmpty();
    verifying.hasNoGaps();

    space.apply(manifests);
    assertThat(job.awaitReady().launch().epoch()).isEqualTo(1);
    assertThat(job.restored()).isEqualTo(path);
    goesOn();
  }
}
