package io.flinkcluster.operator.flinkrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkcluster.operator.flinkrest.RemoteFailure.Kind;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFlinkRestFaultsTest {

  private static final String JOB = "0123456789abcdef0123456789abcdef";
  private static final String OVERVIEW = "/jobs/overview";
  private static final Duration DEADLINE = Duration.ofMillis(700);

  /** For what is not about deadlines; a busy machine takes a second for a few megabytes. */
  private static final Duration PATIENT = Duration.ofSeconds(15);

  private StubFlink flink;
  private HttpFlinkRest rest;
  private final CountDownLatch over = new CountDownLatch(1);

  @BeforeEach
  void start() throws IOException {
    flink = new StubFlink();
    rest = new HttpFlinkRest(PATIENT);
  }

  private void hurry() {
    rest.close();
    rest = new HttpFlinkRest(DEADLINE);
  }

  @AfterEach
  void stop() {
    over.countDown();
    rest.close();
    flink.close();
  }

  private static RemoteFailure failure(CompletableFuture<?> call) throws Exception {
    try {
      throw new AssertionError("answered " + call.get(20, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(RemoteFailure.class);
      assertThat(e.getCause().getMessage()).hasSizeLessThanOrEqualTo(500).doesNotContain("\n");
      return (RemoteFailure) e.getCause();
    }
  }

  private RemoteFailure overview() throws Exception {
    return failure(rest.jobsOverview(flink.address()));
  }

  @ParameterizedTest
  @CsvSource({
    "408, UNREACHABLE",
    "429, UNREACHABLE",
    "500, UNREACHABLE",
    "503, UNREACHABLE",
    "400, REFUSED",
    "409, REFUSED",
    "404, NOT_FOUND",
  })
  void aStatusSaysWhatBecameOfTheCall(int status, Kind kind) throws Exception {
    flink.answer(OVERVIEW, status, "{\"errors\":[\"no such thing\\nat a.B\",\"more\"]}");
    var failure = overview();
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining("" + status);
    assertThat(failure.getMessage().contains("no such thing"))
        .isEqualTo(status / 100 == 4 && kind != Kind.UNREACHABLE);
    assertThat(failure).message().doesNotContain("at a.B");
  }

  @Test
  void aProxysNotFoundIsNotFlinksNotFound() throws Exception {
    flink.answer("/jobs/" + JOB, 404, "<html>default backend - 404</html>");
    assertThat(failure(rest.graph(flink.address(), JOB)).kind()).isEqualTo(Kind.BROKEN_ANSWER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>welcome</html>",
        "{\"jobs\":[{\"jid\":",
        "{\"jobs\":[]} and more",
        "[]",
        "3",
        "null",
        "{}",
        "{\"jobs\":{}}",
        "{\"jobs\":[3]}",
        "{\"jobs\":[{\"jid\":\"../../x\",\"state\":\"RUNNING\",\"start-time\":1,\"end-time\":-1,"
            + "\"last-modification\":1,\"tasks\":{\"total\":1,\"running\":1,\"finished\":0}}]}",
        "{\"jobs\":[{\"jid\":\"0123456789abcdef0123456789abcdef\",\"state\":\"RUNNING\","
            + "\"start-time\":\"today\",\"end-time\":-1,\"last-modification\":1,"
            + "\"tasks\":{\"total\":1,\"running\":1,\"finished\":0}}]}",
        "{\"jobs\":[{\"jid\":\"0123456789abcdef0123456789abcdef\",\"state\":\"RUNNING\","
            + "\"start-time\":1,\"end-time\":-1,\"last-modification\":1,"
            + "\"tasks\":{\"total\":99999999999,\"running\":1,\"finished\":0}}]}",
      })
  void whatFlinkWouldNotAnswerIsNotTakenForNoJobs(String body) throws Exception {
    flink.answer(OVERVIEW, 200, body);
    assertThat(overview().kind()).isEqualTo(Kind.BROKEN_ANSWER);
  }

  @Test
  void anAnswerNestedTooDeepIsBroken() throws Exception {
    flink.answer(OVERVIEW, 200, "{\"a\":" + "[".repeat(100) + "]".repeat(100) + ",\"jobs\":[]}");
    assertThat(overview().kind()).isEqualTo(Kind.BROKEN_ANSWER);
  }

  @Test
  void aBodyWithoutEndIsDroppedAtFourMebibytes() throws Exception {
    var sent = new CompletableFuture<Long>();
    flink.answer(
        OVERVIEW,
        exchange -> {
          long bytes = 0;
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            while (bytes < 200_000_000) {
              body.write(new byte[65_536]);
              bytes += 65_536;
            }
          } catch (IOException hungUp) {
            // As it should be.
          }
          sent.complete(bytes);
        });
    var failure = overview();
    assertThat(failure.kind()).isEqualTo(Kind.BROKEN_ANSWER);
    assertThat(failure).hasMessageContaining("4194304");
    assertThat(sent.get(20, TimeUnit.SECONDS)).isLessThan(100_000_000);
  }

  @Test
  void aServerThatNeverAnswersIsUnreachableAtTheDeadline() throws Exception {
    hurry();
    flink.answer(OVERVIEW, exchange -> over.await());
    var begun = Instant.now();
    var failure = overview();
    assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(failure).hasMessageContaining("within 700 ms");
    assertThat(Duration.between(begun, Instant.now())).isBetween(DEADLINE, PATIENT);
  }

  @Test
  void aServerThatSendsDropByDropIsCutOffAtTheDeadline() throws Exception {
    hurry();
    var hungUp = new CountDownLatch(1);
    flink.answer(
        OVERVIEW,
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try {
            while (!over.await(20, TimeUnit.MILLISECONDS)) {
              exchange.getResponseBody().write(' ');
              exchange.getResponseBody().flush();
            }
          } catch (IOException e) {
            hungUp.countDown();
          }
        });
    assertThat(overview().kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(hungUp.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    flink.answer("/elsewhere", 200, "{\"jobs\":[]}");
    flink.answer(
        OVERVIEW,
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
        });
    assertThat(overview().kind()).isEqualTo(Kind.BROKEN_ANSWER);
    assertThat(flink.requests()).containsExactly("GET " + OVERVIEW);
  }

  @Test
  void aConnectionThatIsRefusedOrCutIsUnreachable() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(failure(rest.jobsOverview(new Address("127.0.0.1", port))).kind())
        .isEqualTo(Kind.UNREACHABLE);
    flink.answer(
        OVERVIEW,
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write('{');
        });
    assertThat(overview().kind()).isEqualTo(Kind.UNREACHABLE);
  }

  @Test
  void aNameThatNobodyKnowsIsUnreachable() throws Exception {
    assertThat(failure(rest.jobsOverview(new Address("nobody.invalid", 8081))).kind())
        .isEqualTo(Kind.UNREACHABLE);
  }

  @Test
  void aTriggerIdThatFlinkDidNotTakeIsAFailure() throws Exception {
    flink.answer("/jobs/" + JOB + "/stop", 202, "{\"request-id\":\"" + "0".repeat(32) + "\"}");
    var call = rest.stopWithSavepoint(flink.address(), JOB, "f".repeat(32), "s3://b/x");
    assertThat(failure(call).kind()).isEqualTo(Kind.BROKEN_ANSWER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "xyz", "../../etc", "0123456789ABCDEF0123456789ABCDEF"})
  void anIdThatIsNotOneNeverGetsIntoAUrl(String id) {
    var address = flink.address();
    assertThatThrownBy(() -> rest.graph(address, id)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rest.savepointProgress(address, JOB, id))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> rest.savepoint(address, JOB, id, "s3://b/x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(flink.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "me@host", "host?x", "a b", "[::1]"})
  void aHostThatCouldBeMoreIsRefused(String host) {
    assertThatThrownBy(() -> new Address(host, 8081)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anIpv6AddressGetsBrackets() {
    assertThat(new Address("2001:db8::1", 8081).authority()).isEqualTo("[2001:db8::1]:8081");
    assertThat(new Address("a-rest.ns.svc", 8081).authority()).isEqualTo("a-rest.ns.svc:8081");
  }
}
