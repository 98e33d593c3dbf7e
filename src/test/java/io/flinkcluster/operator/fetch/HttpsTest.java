package io.flinkcluster.operator.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.flinkcluster.operator.aws.S3Access;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real server on loopback, with a certificate of its own. */
class HttpsTest {
  private static final byte[] JAR = Jars.jar("a/B.class", 100_000);
  private static final SSLSocketFactory BEFORE = HttpsURLConnection.getDefaultSSLSocketFactory();
  private static SSLContext context;

  @TempDir private Path into;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private HttpsServer server;

  @BeforeAll
  static void makeACertificate(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("server.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes());
    assertThat(keytool.waitFor()).as(said).isZero();
    var keys = KeyStore.getInstance(file.toFile(), "changeit".toCharArray());
    var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, "changeit".toCharArray());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
  }

  @BeforeEach
  void start() throws IOException {
    HttpsURLConnection.setDefaultSSLSocketFactory(context.getSocketFactory());
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  @AfterAll
  static void trustAsBefore() {
    HttpsURLConnection.setDefaultSSLSocketFactory(BEFORE);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      int count = asked.incrementAndGet();
      switch (exchange.getRequestURI().getPath()) {
        case "/job.jar" -> send(exchange, 200, JAR.length);
        case "/short.jar" -> send(exchange, 200, JAR.length + 10);
        case "/busy.jar" -> send(exchange, count < 3 ? 503 : 200, JAR.length);
        case "/moved.jar" -> redirect(exchange, "/job.jar");
        case "/plain.jar" -> redirect(exchange, "http://localhost/job.jar");
        case "/round.jar" -> redirect(exchange, "/round.jar");
        case "/silent.jar" -> silent();
        default ->
            exchange.sendResponseHeaders(
                exchange.getRequestURI().getPath().equals("/403") ? 403 : 404, -1);
      }
    }
  }

  private static void send(HttpExchange exchange, int status, int length) throws IOException {
    exchange.sendResponseHeaders(status, length);
    exchange.getResponseBody().write(JAR);
    exchange.getResponseBody().flush();
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(302, -1);
  }

  private void silent() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aJarIsFetched() throws Exception {
    run("/job.jar");

    assertThat(into.resolve("job.jar")).hasBinaryContent(JAR);
  }

  @Test
  void aRedirectIsFollowed() throws Exception {
    run("/moved.jar");

    assertThat(into.resolve("job.jar")).hasBinaryContent(JAR);
  }

  @Test
  void aRedirectToPlainHttpIsNotFollowed() {
    assertThatThrownBy(() -> run("/plain.jar"))
        .hasMessageContaining("redirected to http://, only https:// is followed");
  }

  @Test
  void redirectsInARoundEnd() {
    assertThatThrownBy(() -> run("/round.jar")).hasMessageContaining("more than 5 times");
  }

  @Test
  void aMissingJarAndADeniedOneAreToldApartAtOnce() {
    assertThatThrownBy(() -> run("/404")).hasMessageEndingWith("it does not exist (HTTP 404)");
    assertThatThrownBy(() -> run("/403")).hasMessageEndingWith("access denied (HTTP 403)");
    assertThat(asked).hasValue(2);
  }

  @Test
  void aQueryThatSignsALinkIsNotShown() {
    assertThatThrownBy(() -> run("/404?signature=SECRET")).hasMessageNotContaining("SECRET");
  }

  @Test
  void aBusyServerIsAskedAgain() throws Exception {
    run("/busy.jar");

    assertThat(asked).hasValue(3);
    assertThat(into.resolve("job.jar")).hasBinaryContent(JAR);
  }

  @Test
  void aBrokenTransferIsNoJar() {
    assertThatThrownBy(() -> run("/short.jar")).hasMessageContaining("broke");
    assertThat(into.resolve("job.jar")).doesNotExist();
    assertThat(asked).hasValue(3);
  }

  @Test
  void aServerThatSaysNothingIsGivenUp() {
    assertThatThrownBy(() -> run("/silent.jar")).hasMessageContaining("timed out");
  }

  @Test
  void aCertificateThatIsNotTrustedIsNamedAtOnce() {
    HttpsURLConnection.setDefaultSSLSocketFactory(BEFORE);

    assertThatThrownBy(() -> run("/job.jar"))
        .hasMessageContaining("the certificate of the server is not trusted")
        .hasMessageContaining("flinkcluster-fetch");
    assertThat(asked).hasValue(0);
  }

  private void run(String path) throws Fault {
    var fetch =
        Fetches.of(S3Access.OF_THE_POD, 3, Fetches.PATIENT, Duration.ofMillis(500), new JarFetch());
    String uri = "https://localhost:" + server.getAddress().getPort() + path;
    fetch.run(FetchTask.parse("--jar", uri, "--into", into.toString()));
    assertThat(Files.isRegularFile(into.resolve("job.jar"))).isTrue();
  }
}
