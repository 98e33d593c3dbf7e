package io.flinkcluster.operator.aws;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How to reach S3 where it is not simply the one of AWS with the identity of the pod.
 *
 * @param endpoint URL of a store that is compatible with S3; empty: AWS, or what {@code
 *     AWS_ENDPOINT_URL_S3} says
 * @param region empty: what the environment says
 * @param pathStyle whether the bucket is part of the path and not of the host name
 * @param accessKey empty: the identity of the pod
 * @param secretKey empty: the identity of the pod
 */
public record S3Access(
    Optional<String> endpoint,
    Optional<String> region,
    boolean pathStyle,
    Optional<String> accessKey,
    Optional<String> secretKey) {

  /** AWS with the identity of the pod. */
  public static final S3Access OF_THE_POD =
      new S3Access(Optional.empty(), Optional.empty(), false, Optional.empty(), Optional.empty());

  /** Endpoints of AWS that name their region, among them those of IPv6 and of VPC endpoints. */
  private static final Pattern REGIONAL =
      Pattern.compile(
          "(?:[^/]*//)?(?:[^/]*\\.)?s3(?:-fips)?(?:\\.dualstack)?[.-]([a-z]{2}(?:-[a-z]+)+-\\d)"
              + "\\.(?:vpce\\.)?amazonaws\\.com(?:\\.cn)?(?:[:/].*)?");

  /**
   * The region that is configured, else the one that the endpoint names, as Flink's plugins read
   * it; empty: neither does.
   */
  Optional<String> namedRegion() {
    return region.or(
        () -> endpoint.map(REGIONAL::matcher).filter(Matcher::matches).map(m -> m.group(1)));
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "S3Access[endpoint=" + endpoint + ", region=" + region + "]";
  }
}
