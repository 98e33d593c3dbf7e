package io.flinkcluster.operator.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.model.StorageFinding;
import io.flinkcluster.operator.model.StorageFinding.Kind;
import io.flinkcluster.operator.testcluster.S3Server;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/**
 * The check of directories against a real S3 server with users and policies. It has no roles, keys
 * of KMS and lifecycle rules: what AWS says of these, StorageCheckTest plays on the wire.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StorageCheckIT {
  private static final String OF_BUCKET =
      "\"Effect\": \"Allow\", \"Action\": %s, \"Resource\": \"arn:aws:s3:::BUCKET\"";
  private static final String BELOW =
      "\"Effect\": \"Allow\", \"Action\": %s, \"Resource\": \"arn:aws:s3:::BUCKET/flink/*\"";
  private static final String LISTS =
      OF_BUCKET.formatted("[\"s3:ListBucket\", \"s3:GetBucketObjectLockConfiguration\"]");
  private static final String ALL_BELOW =
      BELOW.formatted("[\"s3:GetObject\", \"s3:PutObject\", \"s3:DeleteObject\"]");

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

  private S3Access access(String region, String key, String secret) {
    return new S3Access(
        Optional.of(server.endpoint()),
        Optional.of(region),
        true,
        Optional.of(key),
        Optional.of(secret));
  }

  private void bucket(String... statements) {
    bucket = "bucket-" + ++buckets;
    server.bucket(bucket, statements);
  }

  private List<StorageFinding> check(S3Access access, String directory) throws Fault {
    return Fetches.once(access).run(FetchTask.parse("--check", directory));
  }

  private List<StorageFinding> check() throws Fault {
    return check(
        access(S3Server.REGION, S3Server.USER, S3Server.USER_SECRET),
        "s3://" + bucket + "/flink/checkpoints");
  }

  private StorageFinding refused() {
    return catchThrowableOfType(UnusableStorage.class, this::check).findings().get(0);
  }

  private boolean isEmpty() {
    return server.root().listObjectsV2(l -> l.bucket(bucket)).contents().isEmpty();
  }

  @Test
  void withThePolicyOfTheGuideAllIsWellAndNothingIsLeft() throws Exception {
    bucket(LISTS, ALL_BELOW);

    assertThat(check()).allSatisfy(f -> assertThat(f.kind()).isEqualTo(Kind.CHECKED));
    assertThat(check().stream().map(StorageFinding::text))
        .anyMatch(text -> text.startsWith("the job's pods can list, write, read and delete in"));
    assertThat(isEmpty()).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "s3:PutObject, '[\"s3:GetObject\", \"s3:DeleteObject\"]'",
    "s3:GetObject, '[\"s3:PutObject\", \"s3:DeleteObject\"]'",
  })
  void anActionOnObjectsThatIsMissingIsNamedWithItsResource(String action, String others) {
    bucket(LISTS, BELOW.formatted(others));

    assertThat(refused().kind()).isEqualTo(Kind.DENIED);
    assertThat(refused().text())
        .contains(
            action
                + " on arn:aws:s3:::"
                + bucket
                + "/flink/checkpoints/* is not allowed to the job's pods; add it to the policy")
        .contains("(HTTP 403 AccessDenied)");
    assertThat(isEmpty()).isTrue();
  }

  @Test
  void withoutTheRightToListTheBucketIsTheResource() {
    bucket(ALL_BELOW);

    assertThat(refused().kind()).isEqualTo(Kind.DENIED);
    assertThat(refused().text())
        .contains("s3:ListBucket on arn:aws:s3:::" + bucket + " is not allowed");
  }

  @Test
  void withoutTheRightToDeleteFlinkStartsAndTheActionIsNamed() throws Exception {
    bucket(LISTS, BELOW.formatted("[\"s3:GetObject\", \"s3:PutObject\"]"));

    StorageFinding finding = check().get(0);

    assertThat(finding.kind()).isEqualTo(Kind.DENIED);
    assertThat(finding.text())
        .contains("s3:DeleteObject on arn:aws:s3:::" + bucket + "/flink/checkpoints/*");
  }

  @Test
  void rightsBelowAnotherDirectoryAreNone() {
    bucket(LISTS, ALL_BELOW.replace("/flink/*", "/flink/others/*"));

    assertThat(refused().text())
        .contains("s3:PutObject on arn:aws:s3:::" + bucket + "/flink/checkpoints/*");
  }

  @Test
  void aDenyIsStrongerThanWhatIsAllowed() {
    bucket(LISTS, ALL_BELOW, BELOW.formatted("\"s3:PutObject\"").replace("\"Allow\"", "\"Deny\""));

    assertThat(refused().text()).contains("s3:PutObject on arn:aws:s3:::" + bucket);
  }

  @Test
  void whatOnlyTheCheckNeedsIsToldNoMore() throws Exception {
    bucket(OF_BUCKET.formatted("\"s3:ListBucket\""), ALL_BELOW);

    assertThat(check()).allSatisfy(f -> assertThat(f.kind()).isEqualTo(Kind.CHECKED));
    assertThat(check())
        .anySatisfy(
            f ->
                assertThat(f.text())
                    .startsWith("whether it locks objects is not known")
                    .contains("s3:GetBucketObjectLockConfiguration on arn:aws:s3:::" + bucket));
  }

  @Test
  void aRightThatIsGivenMeanwhileIsSeenByTheNextTry() throws Exception {
    bucket(LISTS);
    assertThat(refused().text()).contains("s3:PutObject");

    server.policy(bucket, LISTS, ALL_BELOW);

    assertThat(check().get(0).kind()).isEqualTo(Kind.CHECKED);
  }

  @ParameterizedTest(name = "{3}")
  @CsvSource({
    "eu-central-1, nobody, x, DENIED, there is no such access key",
    "eu-central-1, jobs, wrong, DENIED, the secret key does not belong to the access key",
    "eu-west-1, jobs, secret-of-jobs, UNUSABLE, the bucket is in another region",
  })
  void whatIsNotAcceptedIsNamed(String region, String key, String secret, Kind kind, String text) {
    bucket(LISTS, ALL_BELOW);

    StorageFinding finding =
        catchThrowableOfType(
                UnusableStorage.class,
                () -> check(access(region, key, secret), "s3://" + bucket + "/flink/checkpoints"))
            .findings()
            .get(0);

    assertThat(finding.text()).contains(text);
    assertThat(finding.kind()).isEqualTo(kind);
  }

  @Test
  void aBucketThatIsNotThereIsNamed() {
    bucket = "no-such-bucket";

    assertThat(refused()).extracting(StorageFinding::kind).isEqualTo(Kind.UNUSABLE);
    assertThat(refused().text()).contains("the bucket does not exist (HTTP 404 NoSuchBucket)");
  }

  @Test
  void aBucketThatKeepsVersionsIsExplained() throws Exception {
    bucket(LISTS, ALL_BELOW);
    server
        .root()
        .putBucketVersioning(
            p ->
                p.bucket(bucket)
                    .versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));

    assertThat(check())
        .anySatisfy(f -> assertThat(f.text()).contains("bucket " + bucket + " keeps versions"));
  }

  @Test
  void aBucketThatLocksObjectsIsARisk() throws Exception {
    bucket = "bucket-" + ++buckets;
    server.root().createBucket(b -> b.bucket(bucket).objectLockEnabledForBucket(true));
    server.policy(bucket, LISTS, ALL_BELOW);
    server
        .root()
        .putObjectLockConfiguration(
            p ->
                p.bucket(bucket)
                    .objectLockConfiguration(
                        c ->
                            c.objectLockEnabled(ObjectLockEnabled.ENABLED)
                                .rule(
                                    r ->
                                        r.defaultRetention(
                                            d ->
                                                d.mode(ObjectLockRetentionMode.GOVERNANCE)
                                                    .days(90)))));

    // Once: after a delete marker this server does not give what is written anew.
    StorageFinding finding = check().get(0);

    assertThat(finding.kind()).isEqualTo(Kind.AT_RISK);
    assertThat(finding.text()).contains("locks each object for 90 days");
  }

  @Test
  void aServerThatWasKilledIsNamed(@TempDir Path dir) throws Exception {
    S3Access gone;
    try (S3Server other = S3Server.start(dir)) {
      gone =
          new S3Access(
              Optional.of(other.endpoint()),
              Optional.of(S3Server.REGION),
              true,
              Optional.of(S3Server.USER),
              Optional.of(S3Server.USER_SECRET));
    }

    StorageFinding finding =
        catchThrowableOfType(UnusableStorage.class, () -> check(gone, "s3://b/flink"))
            .findings()
            .get(0);

    assertThat(finding.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(finding.text()).contains("S3 cannot be reached: ConnectException");
  }

  @Test
  void anEndpointThatDoesNotSpeakTlsIsNamed() {
    var access =
        new S3Access(
            Optional.of(server.endpoint().replace("http:", "https:")),
            Optional.of(S3Server.REGION),
            true,
            Optional.of(S3Server.USER),
            Optional.of(S3Server.USER_SECRET));

    assertThat(
            catchThrowableOfType(UnusableStorage.class, () -> check(access, "s3://b/flink"))
                .findings()
                .get(0)
                .text())
        .contains("S3 cannot be reached: TLS: ");
  }
}
