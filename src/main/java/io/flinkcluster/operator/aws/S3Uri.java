package io.flinkcluster.operator.aws;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place on S3.
 *
 * @param bucket never empty
 * @param key without a leading slash, taken literally; empty: the whole bucket
 */
public record S3Uri(String bucket, String key) {

  private static final Pattern URI = Pattern.compile("s3[ap]?://([^/]+)(?:/+(.*))?");

  /**
   * Reads {@code s3://bucket/key}; the schemes {@code s3a} and {@code s3p} mean the same.
   *
   * @throws IllegalArgumentException where it is something else
   */
  public static S3Uri parse(String uri) {
    Matcher parts = URI.matcher(uri);
    if (!parts.matches()) {
      throw new IllegalArgumentException(uri + " is not a place on S3");
    }
    return new S3Uri(parts.group(1), parts.group(2) == null ? "" : parts.group(2));
  }

  /** A place below this one. */
  public S3Uri child(String name) {
    return new S3Uri(bucket, folder() + name);
  }

  /**
   * What a policy names so that a call may be made here and below.
   *
   * @param partition {@code aws}, {@code aws-cn}, {@code aws-us-gov} or another
   */
  String arn(S3Call call, String partition) {
    String arn = "arn:" + partition + ":s3:::" + bucket;
    return call.ofBucket() ? arn : key.endsWith("/") ? arn + "/" + key + "*" : arn + "/" + key;
  }

  /** The same place as a folder: its key ends with a slash, but for a whole bucket. */
  public S3Uri asFolder() {
    return new S3Uri(bucket, folder());
  }

  /** The key with a slash at its end; empty for a whole bucket. */
  String folder() {
    return key.isEmpty() || key.endsWith("/") ? key : key + "/";
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + key;
  }
}
