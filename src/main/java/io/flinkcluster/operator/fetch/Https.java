package io.flinkcluster.operator.fetch;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Set;
import javax.net.ssl.SSLException;

/** Reads a file over HTTPS, and over nothing else, wherever it is redirected to. */
final class Https {

  private static final int REDIRECTS = 5;
  private static final Set<Integer> REDIRECTED = Set.of(301, 302, 303, 307, 308);
  private static final int CONNECT_MILLIS = (int) Duration.ofSeconds(10).toMillis();

  /** Longest silence of the server. */
  private final int silenceMillis;

  Https(Duration silence) {
    this.silenceMillis = (int) silence.toMillis();
  }

  /** What is there, the answer's head read. */
  Download open(String uri) throws Fault {
    URI at = uri(uri);
    for (int hops = 0; hops <= REDIRECTS; hops++) {
      HttpURLConnection connection = ask(at);
      int status = status(connection, at);
      if (status == HttpURLConnection.HTTP_OK) {
        return new Download(body(connection, at), connection.getContentLengthLong());
      }
      String location = connection.getHeaderField("Location");
      connection.disconnect();
      if (!REDIRECTED.contains(status) || location == null) {
        throw refused(at, status);
      }
      at = next(at, location);
    }
    throw Fault.lasting(shown(at) + ": redirected more than " + REDIRECTS + " times");
  }

  private static URI next(URI from, String location) throws Fault {
    URI to = from.resolve(uri(location));
    if (!"https".equals(to.getScheme())) {
      throw Fault.lasting(
          shown(from) + ": redirected to " + to.getScheme() + "://, only https:// is followed");
    }
    return to;
  }

  private static URI uri(String text) throws Fault {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new Fault("what should be a URL is none: " + e.getReason(), false, e);
    }
  }

  private HttpURLConnection ask(URI at) throws Fault {
    try {
      var connection = (HttpURLConnection) at.toURL().openConnection();
      connection.setInstanceFollowRedirects(false);
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(silenceMillis);
      connection.setUseCaches(false);
      return connection;
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw new Fault(shown(at) + ": is not a URL", false, e);
    } catch (IOException e) {
      throw unreachable(at, e);
    }
  }

  private static int status(HttpURLConnection connection, URI at) throws Fault {
    try {
      return connection.getResponseCode();
    } catch (IOException e) {
      throw unreachable(at, e);
    }
  }

  private static java.io.InputStream body(HttpURLConnection connection, URI at) throws Fault {
    try {
      return connection.getInputStream();
    } catch (IOException e) {
      throw unreachable(at, e);
    }
  }

  private static Fault refused(URI at, int status) {
    String what =
        switch (status) {
          case 401, 403 -> "access denied";
          case 404, 410 -> "it does not exist";
          default -> "the server refused";
        };
    boolean passing = status >= 500 || status == 429 || status == 408;
    return new Fault(shown(at) + ": " + what + " (HTTP " + status + ")", passing, null);
  }

  /** Why there was no answer, or no more of it. */
  static Fault unreachable(URI at, IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return new Fault(
            shown(at)
                + ": the certificate of the server is not trusted: "
                + cause.getMessage()
                + "; for an authority of your own give the container flinkcluster-fetch a trust"
                + " store",
            false,
            e);
      }
    }
    String why = e instanceof UnknownHostException ? "there is no such host: " : "";
    String tls = e instanceof SSLException ? "TLS: " : "";
    return new Fault(shown(at) + ": " + tls + why + e.getMessage(), true, e);
  }

  /** Without what may be secret in it: user, password and query, which signs a link. */
  static String shown(URI uri) {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    int port = uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + (port < 0 ? "" : ":" + port) + path;
  }
}
