package io.flinkcluster.operator.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flinkcluster.operator.aws.FakeS3;
import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.model.StorageFinding;
import io.flinkcluster.operator.model.StorageFinding.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is said of each thing that can be wrong with a directory on S3. The answers are those that
 * S3 gives, played by a stand-in on the wire: no account of AWS is asked.
 */
class StorageCheckTest {
  private static final String CHECKPOINTS = "s3://bucket/flink/ns/a/checkpoints";
  private static final String SAVEPOINTS = "s3://bucket/flink/ns/a/savepoints";
  private static final String FOLDER = "bucket/flink/ns/a/checkpoints/";
  private static final String PROBE = FOLDER + ".flinkcluster-check-pod";

  @TempDir private Path into;
  private final FakeS3 s3 = new FakeS3();

  @AfterEach
  void close() {
    s3.close();
  }

  private List<StorageFinding> check(String... directories) throws Fault {
    return check(s3.access(), directories);
  }

  private List<StorageFinding> check(S3Access access, String... directories) throws Fault {
    return check(access, 1, directories);
  }

  private List<StorageFinding> check(S3Access access, int attempts, String... directories)
      throws Fault {
    var args = new ArrayList<>(List.of("--into", into.toString()));
    for (String directory : directories) {
      args.addAll(List.of("--check", directory));
    }
    return Fetches.of(access, attempts, Fetches.PATIENT)
        .run(FetchTask.parse(args.toArray(String[]::new)));
  }

  /** What keeps Flink from starting. */
  private List<StorageFinding> refused(String... directories) {
    return catchThrowableOfType(UnusableStorage.class, () -> check(directories)).findings();
  }

  private static Predicate<String> method(String method) {
    return request -> request.startsWith(method + " /bucket/flink");
  }

  private static final Predicate<String> LIST = r -> r.startsWith("GET /bucket?list-type");

  private static Predicate<String> call(String name) {
    return switch (name) {
      case "list" -> LIST;
      case "write" -> method("PUT");
      case "read" -> method("GET");
      case "delete" -> method("DELETE");
      case "lifecycle", "object-lock" -> r -> r.startsWith("GET /bucket?" + name);
      default -> r -> true;
    };
  }

  @Test
  void whereAllIsWellItIsSaidAndNothingIsLeft() throws Exception {
    List<StorageFinding> findings = check(CHECKPOINTS, SAVEPOINTS);

    assertThat(findings)
        .containsExactly(
            new StorageFinding(
                Kind.CHECKED,
                "the job's pods can list, write, read and delete in "
                    + CHECKPOINTS
                    + "/, "
                    + SAVEPOINTS
                    + "/"));
    assertThat(s3.objects).isEmpty();
    assertThat(s3.requests)
        .as("four calls for each directory, two for the bucket")
        .hasSize(10)
        .contains("PUT /" + PROBE, "GET /" + PROBE, "DELETE /" + PROBE);
  }

  @Test
  void withoutADirectoryNothingIsAsked() throws Exception {
    assertThat(check()).isEmpty();
    assertThat(s3.requests).isEmpty();
  }

  @ParameterizedTest(name = "{0} denied: {1} on {2}")
  @CsvSource({
    "list, s3:ListBucket, arn:aws:s3:::bucket is",
    "write, s3:PutObject, arn:aws:s3:::bucket/flink/ns/a/checkpoints/* is",
    "read, s3:GetObject, arn:aws:s3:::bucket/flink/ns/a/checkpoints/* is",
  })
  void aRightThatFlinkCannotDoWithoutKeepsItFromStarting(
      String call, String action, String resource) {
    s3.refuse(call(call), 403, "AccessDenied", "Access Denied");

    List<StorageFinding> findings = refused(CHECKPOINTS);

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).kind()).isEqualTo(Kind.DENIED);
    assertThat(findings.get(0).text())
        .startsWith(CHECKPOINTS + "/: access denied: ")
        .contains(action + " on " + resource + " not allowed to the job's pods")
        .contains("add it to the policy of their role")
        .endsWith("(HTTP 403 AccessDenied)");
    assertThat(s3.objects.keySet().stream().filter(key -> !call.equals("read"))).isEmpty();
  }

  @Test
  void withoutTheRightToDeleteFlinkStartsAndTheActionIsNamed() throws Exception {
    s3.refuse(call("delete"), 403, "AccessDenied", "Access Denied");

    assertThat(check(CHECKPOINTS))
        .singleElement()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.DENIED))
        .satisfies(
            f ->
                assertThat(f.text())
                    .contains("s3:DeleteObject on arn:aws:s3:::bucket/flink/ns/a/checkpoints/*"));
    check(CHECKPOINTS);
    assertThat(s3.objects).as("the pod's next probe replaces the first").hasSize(1);
  }

  @ParameterizedTest(name = "{0} denied")
  @CsvSource({
    "lifecycle, its lifecycle rules are not known, s3:GetLifecycleConfiguration",
    "object-lock, whether it locks objects is not known, s3:GetBucketObjectLockConfiguration"
  })
  void aRightThatOnlyTheCheckNeedsIsToldNoMore(String call, String text, String action)
      throws Exception {
    s3.refuse(call(call), 403, "AccessDenied", "Access Denied");

    assertThat(check(CHECKPOINTS))
        .allSatisfy(f -> assertThat(f.kind()).isEqualTo(Kind.CHECKED))
        .anySatisfy(
            f ->
                assertThat(f.text()).startsWith(text).contains(action + " on arn:aws:s3:::bucket"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "because no identity-based policy allows the s3:PutObject action | add it to the policy of their role",
        "with an explicit deny in a resource-based policy | take the deny back, in the policy of the bucket or key",
        "with an explicit deny in an identity-based policy | take the deny back",
        "because no VPC endpoint policy allows the s3:PutObject action | allow it in the policy of the VPC endpoint",
        "with an explicit deny in a service control policy | it takes who manages the organization's policies",
        "with an explicit deny in a resource control policy | it takes who manages the organization's policies",
        "because no permissions boundary allows the s3:PutObject action | allow it in the permissions boundary",
        "because no session policy allows the s3:PutObject action | allow it in the policy of the session",
      })
  void whichPolicyHoldsItBackDecidesTheRemedy(String why, String remedy) {
    s3.refuse(
        call("write"),
        403,
        "AccessDenied",
        notAuthorized(
            "s3:PutObject",
            "arn:aws:s3:::bucket/flink/ns/a/checkpoints/.flinkcluster-check-pod",
            why));

    assertThat(refused(CHECKPOINTS).get(0).text())
        .contains(
            "s3:PutObject on arn:aws:s3:::bucket/flink/ns/a/checkpoints/* is not allowed to"
                + " arn:aws:sts::111122223333:assumed-role/jobs, ")
        .contains(why)
        .contains(remedy);
  }

  private static String notAuthorized(String action, String resource, String why) {
    return "User: arn:aws:sts::111122223333:assumed-role/jobs/s is not authorized to perform: "
        + action
        + " on resource: &quot;"
        + resource
        + "&quot; "
        + why;
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource({"write, kms:GenerateDataKey", "read, kms:Decrypt"})
  void aRightOnTheKeyThatIsMissingIsNamedAndNotThatOnTheBucket(String call, String action) {
    String key = "arn:aws:kms:eu-central-1:111122223333:key/1234";
    s3.refuse(
        call(call),
        403,
        "AccessDenied",
        notAuthorized(
            action, key, "because no identity-based policy allows the " + action + " action"));

    assertThat(refused(CHECKPOINTS).get(0).text())
        .contains("access denied: " + action + " on " + key + " is not allowed to");
  }

  @ParameterizedTest(name = "{1} {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "write | 400 | KMS.DisabledException | UNUSABLE | the KMS key of the bucket cannot be used: said by S3",
        "write | 400 | KMS.NotFoundException | UNUSABLE | the KMS key of the bucket cannot be used: said by S3",
        "any | 404 | NoSuchBucket | UNUSABLE | the bucket does not exist",
        "any | 301 | PermanentRedirect | UNUSABLE | the bucket is in another region, eu-west-1; set s3.endpoint.region",
        "any | 400 | AuthorizationHeaderMalformed | UNUSABLE | the bucket is in another region, eu-west-1",
        "any | 400 | InvalidBucketName | UNUSABLE | not a name that a bucket can have",
        "write | 405 | MethodNotAllowed | UNUSABLE | the store cannot do this",
        "any | 403 | InvalidAccessKeyId | DENIED | there is no such access key",
        "any | 403 | SignatureDoesNotMatch | DENIED | the secret key does not belong to the access key",
        "any | 400 | ExpiredToken | DENIED | the credentials have expired and are not renewed",
        "any | 400 | InvalidToken | DENIED | the session token is not valid",
        "any | 403 | AllAccessDisabled | DENIED | AWS has disabled all access",
        "any | 503 | SlowDown | UNREACHABLE | S3 asks to come back later: too many requests",
        "any | 400 | ThrottlingException | UNREACHABLE | S3 asks to come back later",
        "any | 429 | TooManyRequestsException | UNREACHABLE | S3 asks to come back later",
        "any | 500 | InternalError | UNREACHABLE | S3 has a fault of its own: said by S3",
      })
  void whatElseS3MaySayIsNamed(String call, int status, String code, Kind kind, String text) {
    s3.refuse(call(call), status, code, "said by S3", Map.of("x-amz-bucket-region", "eu-west-1"));

    List<StorageFinding> findings = refused(CHECKPOINTS);

    assertThat(findings.get(0).kind()).isEqualTo(kind);
    assertThat(findings.get(0).text())
        .contains(text)
        .contains("(HTTP " + status + " " + code + ")");
  }

  @Test
  void aStoreThatIsBusyForAMomentIsAskedAgain() throws Exception {
    for (int i = 0; i < 5; i++) {
      s3.refuse(500, "InternalError"); // more than the SDK itself tries
    }

    assertThat(check(s3.access(), 2, CHECKPOINTS).get(0).kind()).isEqualTo(Kind.CHECKED);
  }

  @Test
  void aStoreThatDoesNotAnswerIsNamedWithWhatMayStandBetween() {
    S3Access access = s3.access();
    s3.close();

    List<StorageFinding> findings =
        catchThrowableOfType(UnusableStorage.class, () -> check(access, CHECKPOINTS)).findings();

    assertThat(findings.get(0).kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(findings.get(0).text())
        .contains("S3 cannot be reached")
        .contains("gateway endpoint for S3");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "<Filter><Prefix>flink/</Prefix></Filter><Expiration><Days>7</Days></Expiration> | deletes what is older than 7 days below flink/",
        "<Filter><Prefix></Prefix></Filter><Expiration><Days>1</Days></Expiration> | deletes what is older than one day below the whole bucket",
        "<Prefix>flink</Prefix><Expiration><Days>30</Days></Expiration> | older than 30 days below flink:",
        "<Filter><Prefix>flink/ns/a/checkpoints/0123/shared/</Prefix></Filter><Expiration><Days>7</Days></Expiration> | older than 7 days below flink/ns/a/checkpoints/0123",
        "<Filter><And><Prefix>flink/</Prefix><ObjectSizeGreaterThan>9</ObjectSizeGreaterThan></And></Filter><Expiration><Days>7</Days></Expiration> | older than 7 days",
        "<Filter><Prefix>flink/</Prefix></Filter><Transition><Days>9</Days><StorageClass>DEEP_ARCHIVE</StorageClass></Transition> | moves objects to DEEP_ARCHIVE",
      })
  void aLifecycleRuleThatTakesStateAwayIsARiskAndHoldsNothingBack(String rule, String text)
      throws Exception {
    s3.configure("bucket", "lifecycle", rule("Enabled", rule));

    List<StorageFinding> findings = check(CHECKPOINTS);

    assertThat(findings).hasSize(1);
    assertThat(findings.get(0).kind()).isEqualTo(Kind.AT_RISK);
    assertThat(findings.get(0).text())
        .startsWith("lifecycle rule old of bucket bucket")
        .contains(text);
  }

  private static String rule(String status, String rule) {
    return "<LifecycleConfiguration><Rule><ID>old</ID><Status>%s</Status>%s</Rule></LifecycleConfiguration>"
        .formatted(status, rule);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Disabled | <Filter><Prefix>flink/</Prefix></Filter><Expiration><Days>7</Days></Expiration>",
        "Enabled | <Filter><Prefix>logs/</Prefix></Filter><Expiration><Days>7</Days></Expiration>",
        "Enabled | <Filter><Prefix>flink/ns/b/</Prefix></Filter><Expiration><Days>7</Days></Expiration>",
        "Enabled | <Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter><Expiration><Days>7</Days></Expiration>",
        "Enabled | <Filter><Prefix>flink/</Prefix></Filter><NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>",
        "Enabled | <Filter><Prefix>flink/</Prefix></Filter><AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>",
        "Enabled | <Filter><Prefix>flink/</Prefix></Filter><Transition><Days>9</Days><StorageClass>STANDARD_IA</StorageClass></Transition>",
      })
  void otherRulesAreNone(String status, String rule) throws Exception {
    s3.configure("bucket", "lifecycle", rule(status, rule));

    assertThat(check(CHECKPOINTS))
        .singleElement()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.CHECKED));
  }

  @Test
  void aBucketThatLocksObjectsIsARisk() throws Exception {
    s3.configure(
        "bucket",
        "object-lock",
        "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>"
            + "<Mode>COMPLIANCE</Mode><Days>90</Days></DefaultRetention></Rule></ObjectLockConfiguration>");

    assertThat(check(CHECKPOINTS).get(0))
        .isEqualTo(
            new StorageFinding(
                Kind.AT_RISK,
                "bucket bucket locks each object for 90 days: nothing that Flink deletes goes before,"
                    + " and is paid for until then"));
  }

  @Test
  void aBucketThatKeepsVersionsIsExplained() throws Exception {
    s3.keepVersions();

    assertThat(check(CHECKPOINTS))
        .allSatisfy(f -> assertThat(f.kind()).isEqualTo(Kind.CHECKED))
        .anySatisfy(f -> assertThat(f.text()).contains("bucket bucket keeps versions"));
  }

  @Test
  void ofSeveralDirectoriesEachIsNamedTheWorstFirst() {
    s3.configure(
        "bucket",
        "lifecycle",
        rule(
            "Enabled",
            "<Filter><Prefix></Prefix></Filter><Expiration><Days>7</Days></Expiration>"));
    s3.refuse(r -> r.startsWith("PUT /"), 403, "AccessDenied", "Access Denied");

    assertThat(refused(CHECKPOINTS, SAVEPOINTS))
        .extracting(StorageFinding::kind)
        .containsExactly(Kind.DENIED, Kind.DENIED, Kind.AT_RISK);
  }

  @Test
  void whatIsWrongWithTheDirectoriesComesBeforeWhatCannotBeFetched() {
    s3.refuse(r -> true, 403, "AccessDenied", "Access Denied");

    Fault fault =
        catchThrowableOfType(
            Fault.class,
            () ->
                Fetches.once(s3.access())
                    .run(
                        FetchTask.parse(
                            "--into",
                            into.toString(),
                            "--check",
                            CHECKPOINTS,
                            "--jar",
                            "s3://bucket/a.jar")));

    assertThat(fault).isInstanceOf(UnusableStorage.class);
  }
}
