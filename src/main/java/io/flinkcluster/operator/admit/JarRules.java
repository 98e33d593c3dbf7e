package io.flinkcluster.operator.admit;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** Rules for the place of the job's jar. */
final class JarRules {

  private static final String FIELD = "spec.job.jarURI";

  /** Commas separate jars, the rest has a meaning in a URI. */
  private static final Pattern LOCAL = Pattern.compile("local:///[^\\s,?#%]+");

  private static final Pattern S3 =
      Pattern.compile("s3://[A-Za-z0-9][A-Za-z0-9._-]*/[^\\s?#]*[^\\s?#/]");
  private static final Pattern CREDENTIALS = Pattern.compile("[a-z0-9]+://[^/]*@.*");

  /** Parameters by which links are signed. */
  private static final Pattern SIGNED =
      Pattern.compile("(?i)(^|&)(x-amz-|x-goog-|sig=|signature=|.*(token|password|secret|key)=).*");

  private JarRules() {}

  static void check(String uri, Findings findings) {
    if (CREDENTIALS.matcher(uri).matches()) {
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
          "is no path inside the image",
          "write local:///path/to/job.jar, s3://bucket/path/job.jar or https://host/path/job.jar");
    }
  }

  private static void checkS3(String uri, Findings findings) {
    if (!S3.matcher(uri).matches()) {
      findings.refuse(
          FIELD,
          uri,
          "is no object on S3; blanks, ? and # are not supported in its name",
          "write s3://bucket/path/job.jar");
    }
  }

  private static void checkHttps(String uri, Findings findings) {
    try {
      var parsed = new URI(uri);
      String path = parsed.getPath();
      if (parsed.getHost() == null || path == null || path.endsWith("/") || path.isEmpty()) {
        findings.refuse(FIELD, uri, "names no file", "write https://host/path/job.jar");
      } else if (parsed.getRawFragment() != null) {
        findings.refuse(FIELD, uri, "a file has no fragment", "remove what begins with #");
      } else if (parsed.getRawQuery() != null && SIGNED.matcher(parsed.getRawQuery()).matches()) {
        findings.refuse(
            FIELD,
            null,
            "a signed link would be seen by everyone, and ends before the last start of the job",
            "use s3:// with the role of the service account, or a link without signature");
      }
    } catch (URISyntaxException e) {
      findings.refuse(FIELD, uri, "is no URL", "write https://host/path/job.jar");
    }
  }
}
