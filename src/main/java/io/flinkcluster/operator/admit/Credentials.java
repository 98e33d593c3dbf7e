package io.flinkcluster.operator.admit;

import java.util.regex.Pattern;

/** Credentials in URIs. */
final class Credentials {

  /** As text: what java.net.URI takes for no host at all, it takes for no credentials either. */
  private static final Pattern IN_AUTHORITY =
      Pattern.compile("(?is)[a-z][a-z0-9+.-]*:(?://)?(?!/)[^/?#]*@.*");

  /** There a container stands before the account: {@code abfss://container@account/…}. */
  private static final Pattern OF_AZURE = Pattern.compile("(?is)(?:abfs|wasb)s?://[^/@:]*@[^@]*");

  /** A key of S3 may have a slash in it. */
  private static final Pattern IN_S3 = Pattern.compile("(?is)s3[anp]?:/*[^/@]*:[^@]*@.*");

  private Credentials() {}

  static boolean in(String uri) {
    return (IN_AUTHORITY.matcher(uri).matches() && !OF_AZURE.matcher(uri).matches())
        || IN_S3.matcher(uri).matches();
  }

  static void refuse(String field, Findings findings) {
    findings.refuse(
        field, null, "a URI with credentials would be seen by everyone", "use an identity");
  }
}
