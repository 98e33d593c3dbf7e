package io.flinkcluster.operator.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.StartDirectory;
import io.flinkcluster.operator.testcluster.S3Server;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/** What starts left, on a real S3 server with users and policies; some seconds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LeftoversIT {
  private static final String UID = "11111111-2222-3333-4444-555555555555";
  private static final String LISTS =
      "\"Effect\": \"Allow\", \"Action\": \"s3:ListBucket\", \"Resource\": \"arn:aws:s3:::BUCKET\"";
  private static final String BELOW =
      "\"Effect\": \"Allow\", \"Action\": %s, \"Resource\": \"arn:aws:s3:::BUCKET/flink/*\"";

  private static final int FILES = 12;

  private S3Server server;
  private String bucket;
  private int buckets;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    server = S3Server.start(dir);
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void name() {
    bucket = "left-" + ++buckets;
  }

  private static String job(long epoch) {
    return "flink/checkpoints/" + Ids.jobId(UID, epoch);
  }

  private void put(String key, byte[] content) {
    server.root().putObject(o -> o.bucket(bucket).key(key), RequestBody.fromBytes(content));
  }

  private List<String> keys() {
    return server.root().listObjectsV2Paginator(l -> l.bucket(bucket)).contents().stream()
        .map(o -> o.key())
        .toList();
  }

  /** Start 4 needs files of start 2, and nothing those of 1 and 3. */
  private void written() throws Exception {
    for (int i = 0; i < FILES; i++) {
      put(job(1) + "/shared/" + i, new byte[1]);
    }
    put(job(2) + "/shared/a", new byte[7]);
    put(job(3) + "/chk-9/_metadata", LeftoversTest.metadata("/elsewhere"));
    put(
        job(4) + "/chk-2/_metadata",
        LeftoversTest.metadata("s3://" + bucket + "/" + job(2) + "/shared/a"));
    put("flink/other", new byte[1]);
  }

  private List<StartDirectory> delete() throws Fault {
    var access =
        new S3Access(
            Optional.of(server.endpoint()),
            Optional.of(S3Server.REGION),
            true,
            Optional.of(S3Server.USER),
            Optional.of(S3Server.USER_SECRET));
    String checkpoints = "s3://" + bucket + "/flink/checkpoints";
    var told = new ArrayList<StartDirectory>();
    new Leftovers(access, Instant.now().plusSeconds(60))
        .run(
            LeftoversTask.parse(
                "--uid",
                UID,
                "--starts",
                "4",
                "--checkpoints",
                checkpoints,
                "--keep",
                "4",
                "--older-than",
                "PT0S",
                "--delete",
                "true"),
            told::add);
    return told;
  }

  @Test
  void withTheRightsOfTheGuideWhatNothingNeedsIsDeleted() throws Exception {
    server.bucket(bucket, LISTS, BELOW.formatted("[\"s3:GetObject\", \"s3:DeleteObject\"]"));
    written();

    List<StartDirectory> told = delete();

    assertThat(told).extracting(StartDirectory::files).containsExactly((long) FILES, 1L, 1L, 1L);
    assertThat(told).extracting(StartDirectory::deleted).containsExactly(true, false, true, false);
    assertThat(keys())
        .containsExactlyInAnyOrder(
            job(2) + "/shared/a", job(4) + "/chk-2/_metadata", "flink/other");
  }

  @Test
  void withoutTheRightToReadNothingIsDeleted() throws Exception {
    server.bucket(bucket, LISTS, BELOW.formatted("\"s3:DeleteObject\""));
    written();

    assertThatThrownBy(this::delete).hasMessageContaining("s3:GetObject on arn:aws:s3:::" + bucket);

    assertThat(keys()).hasSize(FILES + 4);
  }

  @Test
  void withoutTheRightToDeleteThatIsSaid() throws Exception {
    server.bucket(bucket, LISTS, BELOW.formatted("\"s3:GetObject\""));
    written();

    assertThatThrownBy(this::delete)
        .hasMessageContaining("s3:DeleteObject on arn:aws:s3:::" + bucket);

    assertThat(keys()).hasSize(FILES + 4);
  }
}
