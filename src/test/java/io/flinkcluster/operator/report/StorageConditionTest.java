package io.flinkcluster.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.flinkcluster.operator.admit.Resource;
import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.observe.PodReader;
import io.flinkcluster.operator.observe.PodTransform;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From what the init container said, by way of the cache, to the condition. */
class StorageConditionTest {
  private static final String ON_S3 = "storage: {baseURI: 's3://bucket/flink'}";

  private static CheckedCluster spec(String more) {
    return Resource.checked("storage: null", "{" + more + "}");
  }

  private static Pod pod(String said) {
    return new PodBuilder()
        .withNewMetadata()
        .withName("p")
        .withUid("uid")
        .withLabels(new ClusterNames("ns", "a").labels(Component.JOB_MANAGER, 1))
        .endMetadata()
        .withNewStatus()
        .addNewInitContainerStatus()
        .withName(Labels.FETCH)
        .withNewState()
        .withNewTerminated()
        .withExitCode(0)
        .withMessage(said)
        .endTerminated()
        .endState()
        .endInitContainerStatus()
        .endStatus()
        .build();
  }

  private static Optional<Condition> condition(
      List<Condition> before, String more, long epoch, String... said) {
    var pods =
        Stream.of(said)
            .map(text -> PodReader.seen(PodTransform.trim(pod(text))).orElseThrow())
            .toList();
    var seen =
        new Observation(
            Instant.EPOCH, pods, List.of(), Optional.empty(), false, List.of(), Optional.empty());
    var status =
        new FlinkClusterStatus(
            1L, before, null, null, null, null, null, null, null, null, null, null, null, null,
            null);
    return StorageCondition.of(status, 1, Optional.of(spec(more)), epoch, seen);
  }

  @ParameterizedTest
  @CsvSource({
    "StorageChecked: all is well, True, StorageChecked",
    "StorageDenied: s3:PutObject, False, StorageDenied",
    "StorageUnusable: no bucket, False, StorageUnusable",
    "StorageUnreachable: no answer, False, StorageUnreachable",
    "StorageAtRisk: a rule, False, StorageAtRisk",
  })
  void saysWhatThePodFound(String said, String status, String reason) {
    Condition told = condition(List.of(), ON_S3, 1, said + "\n").orElseThrow();
    assertThat(told.type()).isEqualTo("StorageReady");
    assertThat(told.status()).isEqualTo(status);
    assertThat(told.reason()).isEqualTo(reason);
    assertThat(told.message()).isEqualTo(said.substring(said.indexOf(": ") + 2));
  }

  @Test
  void allThatWasFoundIsToldTheWorstFirst() {
    Condition told =
        condition(
                List.of(), ON_S3, 1, "StorageDenied: one\nStorageDenied: two\nStorageAtRisk: rule")
            .orElseThrow();
    assertThat(told.reason()).isEqualTo("StorageDenied");
    assertThat(told.message()).isEqualTo("one\ntwo\nrule");
  }

  @Test
  void ofTwoPodsTheOneThatIsHeldBackCounts() {
    assertThat(condition(List.of(), ON_S3, 1, "StorageChecked: well", "StorageDenied: not"))
        .map(Condition::reason)
        .contains("StorageDenied");
  }

  @Test
  void whatWasSaidStaysWhileNoPodSaysAnythingElse() {
    List<Condition> before = List.of(condition(List.of(), ON_S3, 1, "StorageAtRisk: x").get());
    assertThat(condition(before, ON_S3, 1, "cannot fetch s3://b/a.jar")).contains(before.get(0));
    assertThat(condition(before, ON_S3, 2, "StorageChecked: of an earlier start"))
        .contains(before.get(0));
    assertThat(condition(before, ON_S3, 1)).contains(before.get(0));
    assertThat(condition(List.of(), ON_S3, 1)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "storage: {baseURI: 'hdfs://n/flink'}",
        "storage: {baseURI: 's3://b/f'}, flinkConfiguration: {fs.s3a.aws.credentials.provider: x.Y}",
        "storage: {baseURI: 's3://b/f'}, flinkConfiguration: {presto.s3.iam-role: r}",
        "storage: {baseURI: 's3://b/f'}, flinkConfiguration: {s3.assume-role.arn: r}",
        "storage: {baseURI: 's3://b/f'}, flinkConfiguration: {s3.sse.enabled: 'true'}",
        "storage: {baseURI: 's3://b/f'}, flinkConfiguration: {s3.sse.type: sse-kms}",
        "storage: {baseURI: 's3://b/f'}, flinkConfiguration: {fs.s3a.server-side-encryption-algorithm: SSE-KMS}",
        "storage: {baseURI: 's3://b/f'}, flinkConfiguration: {fs.s3a.encryption.algorithm: SSE-KMS}",
      })
  void isNotToldWhereThePodWouldNotDoWhatFlinkDoes(String more) {
    assertThat(condition(List.of(), more, 1, "StorageDenied: x")).isEmpty();
  }
}
