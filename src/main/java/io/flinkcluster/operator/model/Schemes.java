package io.flinkcluster.operator.model;

import java.util.Set;

/** What the scheme of a URI tells. */
public final class Schemes {

  private static final Set<String> S3 = Set.of("s3", "s3a", "s3p");

  private Schemes() {}

  /** The scheme of a URI; empty where there is none. */
  public static String of(String uri) {
    int colon = uri.indexOf(':');
    return colon < 0 ? "" : uri.substring(0, colon);
  }

  /** Whether a URI is on S3: schemes {@code s3}, {@code s3a} and {@code s3p}. */
  public static boolean isS3(String uri) {
    return S3.contains(of(uri));
  }

  /** Whether a pod can look there by itself before Flink starts: on S3, or a mounted volume. */
  public static boolean searchable(String uri) {
    return isS3(uri) || of(uri).equals("file");
  }
}
