package io.flinkcluster.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the pod of a start looks, and where it cannot. */
class SnapshotSearchDirectoriesTest {
  private static final String OWN = "cccccccccccccccccccccccccccccccc";
  private static final String LATER = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
  private static final String EARLIER = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

  private static CheckedCluster cluster(String spec) {
    String resource =
        """
        metadata: {name: demo, namespace: demo, uid: 11111111-2222-3333-4444-555555555555}
        spec:
          flinkVersion: "2.3"
          image: flink:2.3
        """;
    try {
      var admission =
          AdmissionRules.check(
              new YAMLMapper().readValue(resource + spec.indent(2), FlinkCluster.class));
      assertThat(admission).isInstanceOf(Admission.Accepted.class);
      return ((Admission.Accepted) admission).cluster();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CheckedCluster on(String baseUri, String more) {
    return cluster(
        """
        job: {jarURI: local:///job.jar%s}
        storage: {baseURI: '%s'}
        podTemplate:
          spec:
            volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
            containers: [{name: flink, volumeMounts: [{name: data, mountPath: /data}]}]
        """
            .formatted(more, baseUri));
  }

  private static CheckedCluster on(String baseUri) {
    return on(baseUri, "");
  }

  private static Launch launch(String restoredFrom, String... searched) {
    return new Launch(3, Optional.of(OWN), Optional.ofNullable(restoredFrom), List.of(searched));
  }

  @ParameterizedTest
  @CsvSource({
    "s3://b/flink, s3://b/flink/demo/demo/checkpoints",
    "file:///data, file:///data/demo/demo/checkpoints"
  })
  void beginWithThatOfTheJobItself(String base, String checkpoints) {
    for (String mode : List.of("", ", upgradeMode: Stateless")) {
      assertThat(SnapshotSearchDirectories.of(on(base, mode), launch(null)))
          .containsExactly(checkpoints + "/" + OWN);
    }
  }

  @Test
  void areThatOfTheJobItselfWithHighAvailabilityToo() {
    var cluster =
        cluster(
            """
            job: {jarURI: local:///job.jar}
            storage: {baseURI: s3://b/flink}
            highAvailability: {enabled: true}
            """);

    assertThat(SnapshotSearchDirectories.of(cluster, launch(null)))
        .containsExactly("s3://b/flink/demo/demo/checkpoints/" + OWN);
  }

  @Test
  void areNoneOfAJobWithoutCheckpointsOrASession() {
    assertThat(
            SnapshotSearchDirectories.of(
                cluster("job: {jarURI: local:///job.jar, upgradeMode: Stateless}"), launch(null)))
        .isEmpty();
    assertThat(
            SnapshotSearchDirectories.of(
                cluster("taskManager: {replicas: 1}"),
                new Launch(1, Optional.empty(), Optional.empty())))
        .isEmpty();
  }

  @Test
  void keepTheOrderAndEndWithThatOfTheKnownCheckpoint() {
    assertThat(
            SnapshotSearchDirectories.of(
                on("s3://b/flink"),
                launch("s3://b/" + EARLIER + "/chk-7", "s3://b/operation", "s3://b/" + LATER)))
        .containsExactly(
            "s3://b/flink/demo/demo/checkpoints/" + OWN,
            "s3://b/operation",
            "s3://b/" + LATER,
            "s3://b/" + EARLIER);
  }

  @Test
  void haveThatOfAKnownSavepointBeforeThatOfItsJob() {
    String known = "file:///data/operation/savepoint-aaaaaa-0123456789ab";

    assertThat(
            SnapshotSearchDirectories.of(
                on("s3://b/flink"), launch(known, "s3://b/" + LATER, "s3://b/" + EARLIER)))
        .endsWith("s3://b/" + LATER, "file:///data/operation", "s3://b/" + EARLIER);
    assertThat(SnapshotSearchDirectories.of(on("s3://b/flink"), launch(known, "s3://b/" + LATER)))
        .doesNotContain("file:///data/operation");
    assertThat(
            SnapshotSearchDirectories.of(
                on("s3://b/flink"), launch(known, "file:///data/operation", "s3://b/" + EARLIER)))
        .endsWith("file:///data/operation", "s3://b/" + EARLIER)
        .hasSize(3);
  }

  @Test
  void areNotThatOfASnapshotThatAUserNamed() {
    String named = "s3://b/" + EARLIER + "/chk-7";

    assertThat(
            SnapshotSearchDirectories.of(
                on("s3://b/flink", ", initialSavepoint: '" + named + "'"), launch(named)))
        .doesNotContain("s3://b/" + EARLIER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hdfs://n:8020", "gs://b", "abfs://c@a.dfs.core.windows.net", "oss://b"})
  void cannotBeInspectedOnOtherStorage(String base) {
    var cluster = on(base + "/flink");
    String later = base + "/" + LATER;
    String earlier = base + "/" + EARLIER;

    assertThat(
            SnapshotSearchDirectories.notInspectable(
                cluster, launch(earlier + "/chk-7", base + "/operation", later)))
        .containsExactly(base + "/operation", later, earlier);
    assertThat(SnapshotSearchDirectories.of(cluster, launch(earlier + "/chk-7", later))).isEmpty();
  }

  @Test
  void canAllBeInspectedWhereAStartOnOtherStorageNeedsNone() {
    var cluster = on("hdfs://n:8020/flink");

    assertThat(SnapshotSearchDirectories.notInspectable(cluster, launch(null))).isEmpty();
    assertThat(
            SnapshotSearchDirectories.notInspectable(
                cluster, launch("hdfs://n:8020/op/savepoint-aaaaaa-0123456789ab")))
        .isEmpty();
  }

  @Test
  void cannotBeInspectedWhereOnlySomeAreOnOtherStorage() {
    assertThat(
            SnapshotSearchDirectories.notInspectable(
                on("s3://b/flink"),
                launch(
                    "hdfs://n/op/savepoint-aaaaaa-0123456789ab",
                    "s3://b/" + LATER,
                    "s3://b/" + EARLIER)))
        .containsExactly("hdfs://n/op");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Presto", "Hadoop", "None"})
  void canBeInspectedOnS3AndVolumesTogetherWhateverThePlugin(String plugin) {
    var cluster =
        cluster(
            "job: {jarURI: local:///job.jar}\nstorage: {baseURI: s3://b/flink, s3Plugin: %s}"
                .formatted(plugin));

    assertThat(
            SnapshotSearchDirectories.notInspectable(
                cluster,
                launch("s3a://b/" + EARLIER + "/chk-7", "file:///data/" + LATER, "s3p://b/x")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"file:///data/a%20b, /data/a b", "file:/data, /data", "s3://b/a%20b, s3://b/a%20b"})
  void areGivenToTheScriptAsPathsOrUris(String uri, String given) {
    assertThat(SnapshotSearchDirectories.inPod(uri)).isEqualTo(given);
  }
}
