package io.flinkcluster.operator.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flinkcluster.operator.aws.FakeS3;
import io.flinkcluster.operator.aws.FakeS3.Manner;
import io.flinkcluster.operator.fetch.StorageCheck.Limits;
import io.flinkcluster.operator.model.StorageFinding;
import io.flinkcluster.operator.model.StorageFinding.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the check says of a store that answers badly, late or never, and that it comes to its end:
 * the store would go on for ever.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SickStorageTest {
  private static final String DIRECTORY = "s3://bucket/flink";
  private static final Predicate<String> ANY = request -> true;
  private static final Predicate<String> LIST = r -> r.startsWith("GET /bucket?list-type");
  private static final Predicate<String> RULES =
      r -> r.startsWith("GET /bucket?lifecycle") || r.startsWith("GET /bucket?object-lock");
  private static final Duration LONG = Duration.ofMinutes(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final FakeS3 s3 = new FakeS3();

  @AfterEach
  void close() {
    s3.close();
  }

  private List<StorageFinding> check(Duration silence, Duration directories, Duration buckets)
      throws Fault {
    return Fetches.of(s3.access(), 2, new Limits(Fetches.timing(silence), directories, buckets))
        .run(FetchTask.parse("--check", DIRECTORY));
  }

  private List<StorageFinding> refused(Duration silence, Duration directories) {
    return catchThrowableOfType(UnusableStorage.class, () -> check(silence, directories, SHORT))
        .findings();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /bucket?list-type", "PUT /bucket/flink", "GET /bucket/flink"})
  void aStoreThatNeverAnswersIsGivenUpAfterItsSilence(String request) {
    s3.misbehave(r -> r.startsWith(request), Manner.HANGS);

    assertThat(refused(SHORT, LONG))
        .first()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.UNREACHABLE))
        .satisfies(
            f ->
                assertThat(f.text())
                    .startsWith(DIRECTORY + "/: S3 cannot be reached: SocketTimeoutException")
                    .contains("gateway endpoint for S3"));
  }

  /** Each byte ends a silence, so that none is too long. */
  @ParameterizedTest
  @ValueSource(strings = {"GET /bucket?list-type", "GET /bucket/flink"})
  void aStoreThatAnswersForEverIsGivenUpAtTheEndOfTheCheck(String request) {
    s3.misbehave(r -> r.startsWith(request), Manner.TRICKLES);

    assertThat(refused(LONG, Duration.ofSeconds(1)))
        .first()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.UNREACHABLE))
        .satisfies(
            f ->
                assertThat(f.text())
                    .startsWith(DIRECTORY + "/: S3 answers too slowly")
                    .contains("not over after 1 s", "the way from the pods' subnets to S3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /bucket?list-type | CUTS | what answers broke off, or is not S3 | see the endpoint",
        "GET /bucket?list-type | CLOSES | S3 cannot be reached: SocketException | ",
        "PUT /bucket/flink | CLOSES | S3 cannot be reached: SocketException | ",
        "GET /bucket/flink | CUTS | S3 broke off its answer, after 34 of 134 bytes | ",
      })
  void aStoreThatCutsItsAnswersIsNamedSo(
      String request, Manner manner, String what, String remedy) {
    Predicate<String> cut = r -> r.startsWith(request);
    s3.misbehave(cut, manner);

    assertThat(refused(LONG, LONG))
        .first()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.UNREACHABLE))
        .satisfies(f -> assertThat(f.text()).startsWith(DIRECTORY + "/: " + what))
        .satisfies(f -> assertThat(f.text()).contains(remedy == null ? "" : remedy))
        .satisfies(f -> assertThat(f.text()).doesNotContain("\n"));
    assertThat(s3.requests.stream().filter(cut)).as("it may pass").hasSizeGreaterThan(1);
  }

  /** What is only good to know is not waited for. */
  @ParameterizedTest
  @CsvSource({"HANGS", "TRICKLES"})
  void rulesThatAreNotToldHoldNothingBack(Manner manner) throws Exception {
    s3.misbehave(RULES, manner);

    assertThat(check(LONG, LONG, SHORT))
        .allSatisfy(f -> assertThat(f.kind()).isEqualTo(Kind.CHECKED))
        .extracting(StorageFinding::text)
        .contains(
            "its lifecycle rules are not known: no answer after 0 s",
            "whether it locks objects is not known: no answer after 0 s");
  }

  @ParameterizedTest
  @CsvSource({
    "503, SlowDown, too many requests to this bucket or prefix",
    "429, TooManyRequests, too many requests to this bucket or prefix",
    "503, ServiceUnavailable, S3 has a fault of its own",
  })
  void aStoreThatIsThrottledIsAskedAFewTimesAndNoMore(int status, String code, String text) {
    s3.refuse(ANY, status, code, "said by S3");

    assertThat(refused(LONG, LONG))
        .first()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.UNREACHABLE))
        .satisfies(f -> assertThat(f.text()).contains(text, "HTTP " + status + " " + code));
    assertThat(s3.requests.stream().filter(LIST))
        .as("two attempts, in each of which the SDK makes two")
        .hasSize(4);
  }

  /** A jar that never comes to its end would else keep it from being told. */
  @Test
  void whatIsWrongIsToldBeforeAllIsFetched(@TempDir Path into) {
    s3.misbehave(r -> r.startsWith("GET /bucket/job.jar"), Manner.TRICKLES);
    s3.refuse(LIST, 403, "AccessDenied", "Access Denied");
    FetchTask task =
        FetchTask.parse(
            "--into", into.toString(), "--check", DIRECTORY, "--jar", "s3://bucket/job.jar");

    assertThat(
            catchThrowableOfType(UnusableStorage.class, () -> Fetches.once(s3.access()).run(task))
                .findings())
        .extracting(StorageFinding::kind)
        .contains(Kind.DENIED);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400})
  void aBucketOfAnotherRegionIsToldWithTheOptionThatNamesIt(int status) {
    String code = status == 301 ? "PermanentRedirect" : "AuthorizationHeaderMalformed";
    s3.refuse(ANY, status, code, "said by S3", Map.of("x-amz-bucket-region", "eu-west-1"));

    assertThat(refused(LONG, LONG).get(0).text())
        .contains("in another region, eu-west-1; set s3.endpoint.region");
    assertThat(s3.requests.stream().filter(LIST)).as("it does not pass").hasSize(1);
  }

  @Test
  void credentialsThatHaveExpiredAreNotTriedForever() {
    s3.refuse(ANY, 400, "ExpiredToken", "The provided token has expired.");

    assertThat(refused(LONG, LONG))
        .first()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.DENIED))
        .satisfies(f -> assertThat(f.text()).contains("make the pod anew, and give it a role"));
  }

  /** With the second attempt the SDK would put right what S3's own time allows it to. */
  @Test
  void aClockThatStaysWrongIsNamed() {
    s3.refuse(ANY, 403, "RequestTimeTooSkewed", "said by S3");

    assertThat(refused(LONG, LONG))
        .first()
        .satisfies(f -> assertThat(f.kind()).isEqualTo(Kind.DENIED))
        .satisfies(
            f -> assertThat(f.text()).contains("the clock of the node is wrong by more than 15"));
    assertThat(s3.requests.stream().filter(LIST)).hasSize(2);
  }
}
