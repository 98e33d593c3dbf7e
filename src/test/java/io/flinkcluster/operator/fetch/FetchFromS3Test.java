package io.flinkcluster.operator.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkcluster.operator.aws.FakeS3;
import io.flinkcluster.operator.aws.S3Access;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchFromS3Test {
  private static final String OPERATION = "s3://bucket/flink/savepoints/op";
  private static final String JOB = "s3://bucket/flink/checkpoints/0123";

  @TempDir private Path into;
  private final FakeS3 s3 = new FakeS3();

  @AfterEach
  void close() {
    s3.close();
  }

  @Test
  void aJarIsFetchedWithASignedRequest() throws Exception {
    byte[] jar = Jars.jar("a/B.class", 100_000);
    s3.put("bucket/jars/job 1.jar", jar);

    run("--jar", "s3://bucket/jars/job 1.jar");

    assertThat(into.resolve("job.jar")).hasBinaryContent(jar);
    assertThat(into).isDirectoryNotContaining("glob:**.part");
    assertThat(s3.authorizations)
        .allSatisfy(a -> assertThat(a).startsWith("AWS4-HMAC-SHA256 Credential=key/"));
  }

  @Test
  void aJarThatDoesNotExistIsNamedAtOnce() {
    assertThatThrownBy(() -> run("--jar", "s3://bucket/no.jar"))
        .hasMessage("s3://bucket/no.jar: it does not exist (HTTP 404 NoSuchKey)");
    assertThat(s3.requests).hasSize(1);
  }

  @Test
  void aRefusalNamesTheRightThatIsMissing() {
    s3.refuse(403, "AccessDenied");

    assertThatThrownBy(() -> run("--jar", "s3://bucket/job.jar"))
        .hasMessageContaining("access denied")
        .hasMessageContaining("s3:GetObject")
        .hasMessageContaining("(HTTP 403 AccessDenied)")
        .hasMessageNotContaining("secret");
    assertThat(s3.requests).hasSize(1);
  }

  @Test
  void whatIsNoJarIsRefused() {
    s3.put("bucket/job.jar", "<html>".getBytes());

    assertThatThrownBy(() -> run("--jar", "s3://bucket/job.jar"))
        .hasMessageStartingWith("s3://bucket/job.jar: is no jar");
    assertThat(into.resolve("job.jar")).doesNotExist();
  }

  @Test
  void theFirstHalfOfAJarIsRefused() {
    byte[] jar = Jars.jar("a/B.class", 100_000);
    s3.put("bucket/job.jar", Arrays.copyOf(jar, jar.length / 2));

    assertThatThrownBy(() -> run("--jar", "s3://bucket/job.jar")).hasMessageContaining("no jar");
  }

  @Test
  void aJarAboveTheLimitIsRefusedBeforeItFillsTheVolume() {
    s3.put("bucket/job.jar", Jars.jar("a/B.class", 3 << 20));

    assertThatThrownBy(
            () ->
                fetch(s3.access(), new JarFetch(2 << 20)).run(task("--jar", "s3://bucket/job.jar")))
        .hasMessage(
            "s3://bucket/job.jar: is larger than 2 MiB; put a jar of that size into the image");
    assertThat(into.resolve("job.jar.part")).doesNotExist();
  }

  @Test
  void aTransferThatBreaksOffIsBegunAnew() throws Exception {
    byte[] jar = Jars.jar("a/B.class", 100_000);
    s3.put("bucket/job.jar", jar);
    s3.breakOff(1000);

    run("--jar", "s3://bucket/job.jar");

    assertThat(into.resolve("job.jar")).hasBinaryContent(jar);
    assertThat(s3.requests).hasSize(2);
  }

  @Test
  void aBusyServerIsAskedAgain() throws Exception {
    s3.put("bucket/job.jar", Jars.jar("a/B.class", 10));
    for (int i = 0; i < 4; i++) {
      s3.refuse(503, "SlowDown");
    }

    run("--jar", "s3://bucket/job.jar");

    assertThat(into.resolve("job.jar")).exists();
  }

  @Test
  void aStoreThatIsNotThereIsNamedAfterSomeAttempts() {
    S3Access access = s3.access();
    s3.close();

    assertThatThrownBy(
            () -> fetch(access, new JarFetch()).run(task("--jar", "s3://bucket/job.jar")))
        .hasMessageContaining("S3 cannot be reached")
        .hasMessageContaining("Connection refused");
  }

  @Test
  void theNewestCompletedCheckpointIsFound() throws Exception {
    s3.put("bucket/flink/checkpoints/0123/chk-7/_metadata");
    s3.put("bucket/flink/checkpoints/0123/chk-9/_metadata");
    s3.put("bucket/flink/checkpoints/0123/chk-10/_metadata");
    s3.put("bucket/flink/checkpoints/0123/chk-11/part-of-one-that-was-not-completed");
    s3.put("bucket/flink/checkpoints/0123/chk-12/_metadata.tmp");
    s3.put("bucket/flink/checkpoints/0124/chk-99/_metadata");

    run("--known", JOB + "/chk-7", "--search", JOB);

    assertThat(into.resolve("restore-point")).hasContent(JOB + "/chk-10");
  }

  @Test
  void withoutANewerOneNothingIsSaid() throws Exception {
    s3.put("bucket/flink/checkpoints/0123/chk-6/_metadata");
    s3.put("bucket/flink/checkpoints/0123/chk-7/_metadata");
    Files.writeString(into.resolve("restore-point"), "left by an earlier try");

    run("--known", JOB + "/chk-7", "--search", JOB);

    assertThat(into.resolve("restore-point")).doesNotExist();
  }

  @Test
  void theLatestJobThatCompletedAnyComesFirst() throws Exception {
    String later = "s3://bucket/flink/checkpoints/0456";
    s3.put("bucket/flink/checkpoints/0123/chk-9/_metadata");
    s3.put("bucket/flink/checkpoints/0456/chk-2/_metadata");

    run(
        "--known",
        JOB + "/chk-7",
        "--search",
        "s3://bucket/none",
        "--search",
        later,
        "--search",
        JOB);

    assertThat(into.resolve("restore-point")).hasContent(later + "/chk-2");
  }

  @Test
  void aSavepointThatWasCompletedUntoldIsTaken() throws Exception {
    s3.put("bucket/flink/checkpoints/0123/chk-7/_metadata", metadata(7));
    s3.put("bucket/flink/savepoints/op/savepoint-0123-ab/_metadata", metadata(9));

    run("--known", JOB + "/chk-7", "--search", OPERATION, "--search", JOB);

    assertThat(into.resolve("restore-point")).hasContent(OPERATION + "/savepoint-0123-ab");
  }

  @Test
  void aSavepointThatWasNotCompletedIsNot() throws Exception {
    s3.put("bucket/flink/checkpoints/0123/chk-8/_metadata", metadata(8));
    s3.put("bucket/flink/savepoints/op/savepoint-0123-ab/part");

    run("--known", JOB + "/chk-7", "--search", OPERATION, "--search", JOB);

    assertThat(into.resolve("restore-point")).hasContent(JOB + "/chk-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "301"})
  void aSavepointAfterWhichTheJobWentOnIsNot(String known) throws Exception {
    s3.put("bucket/flink/checkpoints/0123/chk-301/_metadata", metadata(301));
    s3.put("bucket/flink/savepoints/op/savepoint-0123-ab/_metadata", metadata(300));

    run("--known", JOB + "/chk-" + known, "--search", OPERATION, "--search", JOB);

    if (known.equals("301")) {
      assertThat(into.resolve("restore-point")).doesNotExist();
    } else {
      assertThat(into.resolve("restore-point")).hasContent(JOB + "/chk-301");
    }
  }

  @Test
  void aSavepointThatIsCutOffStopsTheStart() {
    s3.put("bucket/flink/savepoints/op/savepoint-0123-ab/_metadata", new byte[12]);

    assertThatThrownBy(() -> run("--search", OPERATION, "--search", JOB))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("savepoint-0123-ab/_metadata is cut off");
  }

  /** How Flink begins the file: a magic number, a version, and the number of the snapshot. */
  private static byte[] metadata(long number) {
    return ByteBuffer.allocate(20).putInt(0x4960672d).putInt(6).putLong(number).array();
  }

  @Test
  void aListingOfManyPagesIsReadToItsEnd() throws Exception {
    for (int i = 1; i <= 2500; i++) {
      s3.put("bucket/flink/checkpoints/0123/chk-" + i + "/_metadata");
    }

    run("--known", JOB + "/chk-7", "--search", JOB);

    assertThat(into.resolve("restore-point")).hasContent(JOB + "/chk-2500");
    assertThat(s3.requests).hasSize(4);
  }

  @Test
  void stateFilesAreNotListed() throws Exception {
    for (int i = 0; i < 3000; i++) {
      s3.put("bucket/flink/checkpoints/0123/shared/" + i);
    }
    s3.put("bucket/flink/checkpoints/0123/chk-8/_metadata");

    run("--known", JOB + "/chk-7", "--search", JOB);

    assertThat(s3.requests).hasSize(2);
  }

  @Test
  void aListingThatIsRefusedStopsTheStart() {
    s3.put("bucket/job.jar", Jars.jar("a/B.class", 10));
    s3.refuse(403, "AccessDenied");

    assertThatThrownBy(
            () -> run("--jar", "s3://bucket/job.jar", "--known", JOB + "/chk-7", "--search", JOB))
        .hasMessageContaining("access denied")
        .hasMessageContaining("s3:ListBucket");
    assertThat(into).isEmptyDirectory();
  }

  private void run(String... args) throws Fault {
    fetch(s3.access(), new JarFetch()).run(task(args));
  }

  private static Fetch fetch(S3Access access, JarFetch jars) {
    return new Fetch(
        access, new Attempts(3, Duration.ofMillis(1)), new Https(Duration.ofSeconds(1)), jars);
  }

  private FetchTask task(String... args) {
    return FetchTask.parse(
        Stream.concat(Arrays.stream(args), Stream.of("--into", into.toString()))
            .toArray(String[]::new));
  }
}
