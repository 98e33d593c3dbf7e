package io.flinkcluster.operator.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkcluster.operator.aws.FakeS3;
import io.flinkcluster.operator.aws.S3Access;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        .hasMessageStartingWith("s3://bucket/job.jar: is not a jar");
    assertThat(into.resolve("job.jar")).doesNotExist();
  }

  @Test
  void theFirstHalfOfAJarIsRefused() {
    byte[] jar = Jars.jar("a/B.class", 100_000);
    s3.put("bucket/job.jar", Arrays.copyOf(jar, jar.length / 2));

    assertThatThrownBy(() -> run("--jar", "s3://bucket/job.jar")).hasMessageContaining("not a jar");
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

    assertThat(found(JOB)).containsExactly(holdsAnything(JOB), JOB + "\t10\t" + JOB + "/chk-10");
  }

  @Test
  void whatLiesInEachDirectoryIsToldInTheirOrder() throws Exception {
    String later = "s3://bucket/flink/checkpoints/0456";
    s3.put("bucket/flink/checkpoints/0123/chk-9/_metadata");
    s3.put("bucket/flink/checkpoints/0456/chk-2/_metadata");
    s3.put("bucket/flink/savepoints/op/savepoint-0123-ab/_metadata", metadata(300));

    assertThat(found(later, OPERATION, JOB))
        .containsExactly(
            holdsAnything(later),
            later + "\t2\t" + later + "/chk-2",
            holdsAnything(OPERATION),
            OPERATION + "\t300\t" + OPERATION + "/savepoint-0123-ab",
            holdsAnything(JOB),
            JOB + "\t9\t" + JOB + "/chk-9");
  }

  @Test
  void aSavepointThatWasNotCompletedIsNotTold() throws Exception {
    s3.put("bucket/flink/savepoints/op/savepoint-0123-ab/part");

    assertThat(found(OPERATION)).containsExactly(holdsAnything(OPERATION));
  }

  @Test
  void aJobThatHasRunIsToldWithoutACheckpointToo() throws Exception {
    s3.put("bucket/flink/checkpoints/0123/shared/x");

    assertThat(found(JOB)).containsExactly(holdsAnything(JOB));
  }

  @Test
  void aDirectoryThatDoesNotExistIsFine() throws Exception {
    Files.writeString(into.resolve("snapshots"), "left by an earlier look");

    assertThat(found(JOB)).isEmpty();
    assertThat(into).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void aSavepointThatIsCutOffStopsTheStart() {
    s3.put("bucket/flink/savepoints/op/savepoint-0123-ab/_metadata", new byte[12]);

    assertThatThrownBy(() -> found(OPERATION, JOB))
        .isInstanceOf(Fault.class)
        .hasMessageContaining("savepoint-0123-ab/_metadata is cut off");
  }

  @Test
  void aListingOfManyPagesIsReadToItsEnd() throws Exception {
    for (int i = 1; i <= 2500; i++) {
      s3.put("bucket/flink/checkpoints/0123/chk-" + i + "/_metadata");
    }

    assertThat(found(JOB)).contains(JOB + "\t2500\t" + JOB + "/chk-2500");
    assertThat(s3.requests).hasSize(4);
  }

  @Test
  void stateFilesAreNotListed() throws Exception {
    for (int i = 0; i < 3000; i++) {
      s3.put("bucket/flink/checkpoints/0123/shared/" + i);
    }
    s3.put("bucket/flink/checkpoints/0123/chk-8/_metadata");

    assertThat(found(JOB)).hasSize(2);
    assertThat(s3.requests).hasSize(2);
  }

  @Test
  void aListingThatIsRefusedStopsTheStart() {
    s3.put("bucket/job.jar", Jars.jar("a/B.class", 10));
    s3.refuse(403, "AccessDenied");

    assertThatThrownBy(
            () ->
                run(
                    "--jar",
                    "s3://bucket/job.jar",
                    "--snapshots",
                    into + "/snapshots",
                    "--search",
                    JOB))
        .hasMessageContaining("access denied")
        .hasMessageContaining("s3:ListBucket");
    assertThat(into).isEmptyDirectory();
  }

  @Test
  void aStoreThatIsNotThereStopsTheStart() {
    S3Access access = s3.access();
    s3.close();

    assertThatThrownBy(
            () ->
                fetch(access, new JarFetch())
                    .run(task("--snapshots", into + "/snapshots", "--search", JOB)))
        .hasMessageContaining("S3 cannot be reached");
    assertThat(into).isEmptyDirectory();
  }

  @Test
  void nothingIsFetchedForAPodInWhichFlinkHasStartedBefore() throws Exception {
    Files.createDirectories(into.resolve("started"));
    s3.refuse(403, "AccessDenied");

    run("--unless", into + "/started", "--jar", "s3://bucket/job.jar");

    assertThat(s3.requests).isEmpty();
  }

  private static String holdsAnything(String directory) {
    return directory + "\t-1\t" + directory;
  }

  /** How Flink begins the file: a magic number, a version, and the number of the snapshot. */
  private static byte[] metadata(long number) {
    return ByteBuffer.allocate(20).putInt(0x4960672d).putInt(6).putLong(number).array();
  }

  private List<String> found(String... directories) throws Exception {
    var args = new ArrayList<>(List.of("--snapshots", into + "/snapshots"));
    for (String directory : directories) {
      args.add("--search");
      args.add(directory);
    }
    run(args.toArray(String[]::new));
    return Files.readAllLines(into.resolve("snapshots"));
  }

  private void run(String... args) throws Fault {
    fetch(s3.access(), new JarFetch()).run(task(args));
  }

  private static Fetch fetch(S3Access access, JarFetch jars) {
    return Fetches.of(access, 3, Fetches.PATIENT, Duration.ofSeconds(1), jars);
  }

  private FetchTask task(String... args) {
    return FetchTask.parse(
        Stream.concat(Arrays.stream(args), Stream.of("--into", into.toString()))
            .toArray(String[]::new));
  }
}
