package io.flinkcluster.operator.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkcluster.operator.aws.FakeS3;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.StartDirectory;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What earlier starts left and nothing needs is found, and never more than that. */
class LeftoversTest {
  private static final String UID = "11111111-2222-3333-4444-555555555555";
  private static final String OTHER = "99999999-2222-3333-4444-555555555555";

  @TempDir private Path home;
  private final FakeS3 s3 = new FakeS3();
  private final List<StartDirectory> told = new ArrayList<>();

  @AfterEach
  void close() {
    s3.close();
  }

  private static String job(long epoch) {
    return Ids.jobId(UID, epoch);
  }

  private String checkpoints() {
    return "file:" + home + "/checkpoints";
  }

  private void write(String path, byte[] content, Duration age) throws IOException {
    Path file = home.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  private void written(String path, Duration age) throws IOException {
    write(path, new byte[100], age);
  }

  /** What Flink writes of an incremental checkpoint that is made of this file. */
  static byte[] metadata(String file) throws IOException {
    var shared =
        List.of(
            HandleAndLocalPath.of(
                new FileStateHandle(new org.apache.flink.core.fs.Path(file), 100), "a"));
    var keyed =
        new IncrementalRemoteKeyedStateHandle(
            UUID.randomUUID(),
            new KeyGroupRange(0, 127),
            7,
            shared,
            List.of(),
            new FileStateHandle(new org.apache.flink.core.fs.Path(file + "-meta"), 10));
    var state = new OperatorState(null, null, new OperatorID(), 1, 128);
    state.putState(0, OperatorSubtaskState.builder().setManagedKeyedState(keyed).build());
    var bytes = new ByteArrayOutputStream();
    Checkpoints.storeCheckpointMetadata(
        new CheckpointMetadata(7, List.of(state), List.of()), new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private List<StartDirectory> run(String... more) throws Fault {
    var args =
        new ArrayList<>(
            List.of("--uid", UID, "--starts", "9", "--older-than", "PT24H", "--keep", "9"));
    args.addAll(List.of(more));
    told.clear();
    new Leftovers(s3.access(), new Attempts(2, Duration.ofMillis(1), Duration.ofSeconds(9)), now())
        .run(LeftoversTask.parse(args.toArray(String[]::new)), told::add);
    return told;
  }

  private static Instant now() {
    return Instant.now();
  }

  private List<Long> unneeded() {
    return told.stream().filter(d -> !d.needed()).map(StartDirectory::epoch).toList();
  }

  private static final Duration OLD = Duration.ofDays(9);

  @Test
  void whatALostStartLeftCanGoAndNothingElse() throws Exception {
    written("checkpoints/" + job(3) + "/chk-4/_metadata", OLD);
    written("checkpoints/" + job(3) + "/shared/a", OLD);
    written("checkpoints/" + job(9) + "/chk-2/_metadata", OLD);
    written("checkpoints/" + Ids.jobId(OTHER, 3) + "/chk-4/_metadata", OLD);
    written("checkpoints/" + job(10) + "/chk-4/_metadata", OLD);
    written("checkpoints/somebodys/file", OLD);

    run("--checkpoints", checkpoints());

    assertThat(told).extracting(StartDirectory::epoch).containsExactly(3L, 9L);
    assertThat(unneeded()).containsExactly(3L);
    assertThat(told.get(0).bytes()).isEqualTo(200);
    assertThat(told.get(0).files()).isEqualTo(2);
    assertThat(told).noneMatch(StartDirectory::deleted);
    assertThat(home.resolve("checkpoints/" + job(3) + "/shared/a")).exists();

    run("--checkpoints", checkpoints(), "--delete", "true");

    assertThat(told.get(0).deleted()).isTrue();
    assertThat(told.get(1).deleted()).isFalse();
    assertThat(Files.list(home.resolve("checkpoints")).map(p -> p.getFileName().toString()))
        .containsExactlyInAnyOrder(job(9), job(10), Ids.jobId(OTHER, 3), "somebodys");
  }

  @Test
  void whatWasWrittenLatelyStays() throws Exception {
    written("checkpoints/" + job(3) + "/chk-4/_metadata", OLD);
    written("checkpoints/" + job(3) + "/shared/a", Duration.ofHours(23));

    run("--checkpoints", checkpoints(), "--delete", "true");

    assertThat(unneeded()).isEmpty();
    assertThat(told.get(0).why()).startsWith("written after ");
  }

  /** 9 needs files of 8, and 8, which stays for that, files of 5. */
  @Test
  void whatSnapshotsThatStayShareFilesWithStays() throws Exception {
    for (long epoch = 3; epoch <= 8; epoch++) {
      written("checkpoints/" + job(epoch) + "/shared/a", OLD);
    }
    write(
        "checkpoints/" + job(9) + "/chk-2/_metadata",
        metadata("s3a://elsewhere/now/mounted/" + job(8) + "/shared/a"),
        OLD);
    write(
        "checkpoints/" + job(8) + "/chk-9/_metadata",
        metadata(checkpoints() + "/" + job(5) + "/shared/a"),
        OLD);
    write("savepoints/savepoint-1/_metadata", metadata("/" + job(4) + "/shared/a"), OLD);

    run(
        "--checkpoints",
        checkpoints(),
        "--snapshot",
        "file:" + home + "/savepoints/savepoint-1",
        "--snapshot",
        "file:" + home + "/savepoints/savepoint-that-is-gone");

    assertThat(unneeded()).containsExactly(3L, 6L, 7L);
    assertThat(told.get(1).why()).contains("/savepoint-1 needs files of it");
  }

  @Test
  void aStartThatKubernetesNamesStays() throws Exception {
    written("checkpoints/" + job(3) + "/chk-4/_metadata", OLD);
    written("checkpoints/" + job(4) + "/chk-4/_metadata", OLD);

    run("--checkpoints", checkpoints(), "--keep", "3");

    assertThat(unneeded()).containsExactly(4L);
    assertThat(told.get(0).why()).contains("names this start");
  }

  @Test
  void dataOfHighAvailabilityOfEarlierStartsCanGo() throws Exception {
    for (String name : List.of("a-ha-12345-3", "a-ha-12345-9", "a-ha-12345-10", "a-ha-77777-3")) {
      written("ha/" + name + "/blob", OLD);
      written("ha/job-result-store/" + name + "/result.json", OLD);
    }
    Files.createDirectories(home.resolve("checkpoints"));

    run(
        "--checkpoints",
        checkpoints(),
        "--high-availability",
        "file:" + home + "/ha",
        "--ha-prefix",
        "a-ha-12345-",
        "--delete",
        "true");

    assertThat(unneeded()).containsExactly(3L, 3L);
    assertThat(home.resolve("ha/a-ha-12345-3")).doesNotExist();
    assertThat(home.resolve("ha/job-result-store/a-ha-12345-3")).doesNotExist();
    assertThat(Files.list(home.resolve("ha")).map(p -> p.getFileName().toString()))
        .containsExactlyInAnyOrder(
            "a-ha-12345-9", "a-ha-12345-10", "a-ha-77777-3", "job-result-store");
  }

  @Test
  void onS3ItIsTheSame() throws Exception {
    s3.put("bucket/flink/checkpoints/" + job(3) + "/chk-4/_metadata");
    s3.put("bucket/flink/checkpoints/" + job(4) + "/shared/a");
    s3.put("bucket/flink/checkpoints/" + job(5) + "/shared/a", new byte[7]);
    s3.put("bucket/flink/checkpoints/" + job(5) + "1/shared/a");
    s3.put(
        "bucket/flink/checkpoints/" + job(9) + "/chk-1/_metadata", metadata("/" + job(4) + "/x"));

    run("--checkpoints", "s3://bucket/flink/checkpoints", "--delete", "true");

    assertThat(unneeded()).containsExactly(3L, 5L);
    assertThat(s3.objects.keySet())
        .containsExactlyInAnyOrder(
            "bucket/flink/checkpoints/" + job(4) + "/shared/a",
            "bucket/flink/checkpoints/" + job(5) + "1/shared/a",
            "bucket/flink/checkpoints/" + job(9) + "/chk-1/_metadata");
  }

  @Test
  void whereMetadataCannotBeReadNothingIsDeleted() throws Exception {
    s3.put("bucket/flink/checkpoints/" + job(3) + "/shared/a");
    s3.put("bucket/flink/checkpoints/" + job(9) + "/chk-1/_metadata");
    s3.refuse(r -> r.matches("GET /bucket/flink/.*_metadata.*"), 403, "AccessDenied", "no");

    assertThatThrownBy(
            () -> run("--checkpoints", "s3://bucket/flink/checkpoints", "--delete", "true"))
        .hasMessageContaining("s3:GetObject");

    assertThat(s3.objects).hasSize(2);
  }

  @Test
  void anArgumentThatIsWrongIsNamed() {
    assertThatThrownBy(() -> LeftoversTask.parse("--starts", "3")).hasMessage("--uid is missing");
    assertThatThrownBy(() -> LeftoversTask.parse("--what", "3")).hasMessageContaining("--what");
    assertThatThrownBy(() -> LeftoversTask.parse("--uid"))
        .hasMessage("the last argument has no value");
  }
}
