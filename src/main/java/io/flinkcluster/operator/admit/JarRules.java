package io.flinkcluster.operator.admit;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Rules for the place of the job's jar. */
final class JarRules {

  private static final String FIELD = "spec.job.jarURI";

  /** Commas separate jars, the rest has a meaning in a URI. */
  private static final Pattern LOCAL = Pattern.compile("local:///[^\\s,?#%]+");

  private static final Pattern S3 =
      Pattern.compile("s3://[A-Za-z0-9][A-Za-z0-9._-]*/[^\\s?#]*[^\\s?#/]");

  /** Parameters by which links are signed. */
  private static final Pattern SIGNED =
      Pattern.compile(
          "(?i)(^|[?&;])(x-amz-|x-goog-|sig=|googleaccessid="
              + "|[^&=]*(signature|token|password|secret|credential|key|keyid)=)");

  private JarRules() {}

  static void check(String uri, Findings findings) {
    if (Credentials.in(uri)) {
      findings.refuse(
          FIELD,
          null,
          "a URI with credentials would be seen by everyone",
          "for s3:// give the role of the service account the right to read it");
    } else if (uri.startsWith("s3://")) {
      checkS3(uri, findings);
    } else if (uri.startsWith("https://")) {
      checkHttps(uri, findings);
    } else if (!LOCAL.matcher(uri).matches()) {
      findings.refuse(
          FIELD,
          uri,
          "is not a path inside the image",
          "write local:///path/to/job.jar, s3://bucket/path/job.jar or https://host/path/job.jar");
    }
  }

  private static void checkS3(String uri, Findings findings) {
    if (!S3.matcher(uri).matches()) {
      findings.refuse(
          FIELD,
          uri,
          "is not an object on S3; blanks, ? and # are not supported in its name",
          "write s3://bucket/path/job.jar");
    }
  }

  private static void checkHttps(String uri, Findings findings) {
    var file = "write https://host/path/job.jar";
    int query = uri.indexOf('?');
    if (query >= 0 && SIGNED.matcher(decoded(uri.substring(query))).find()) {
      findings.refuse(
          FIELD,
          null,
          "a signed link would be seen by everyone, and ends before the last start of the job",
          "use s3:// with the role of the service account, or a link without signature");
      return;
    }
    try {
      var parsed = new URI(uri);
      String path = parsed.getPath();
      if (parsed.getHost() == null || path == null || path.endsWith("/") || path.isEmpty()) {
        findings.refuse(FIELD, uri, "names no file", file);
      } else if (parsed.getRawFragment() != null) {
        findings.refuse(FIELD, uri, "a file has no fragment", "remove what begins with #");
      }
    } catch (URISyntaxException e) {
      findings.refuse(FIELD, uri, "is not a URL", file);
    }
  }

  private static String decoded(String query) {
    try {
      return URLDecoder.decode(query, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return query;
    }
  }
}
