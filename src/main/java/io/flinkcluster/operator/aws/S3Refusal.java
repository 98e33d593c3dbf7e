package io.flinkcluster.operator.aws;

import io.flinkcluster.operator.aws.S3Failure.Kind;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * An answer of S3 that is a refusal, in words for people: which action on which resource, or what
 * is wrong, and what to do. Codes are those of the list of error responses of Amazon S3.
 */
record S3Refusal(Kind kind, String text, boolean passing) {

  /** How AWS tells which action of whom on what is denied, and which policy says so. */
  private static final Pattern NOT_AUTHORIZED =
      Pattern.compile(
          "(?:User: (\\S+) )?is not authorized to perform: ([\\w-]+:\\w+)"
              + "(?: on resource: \"?([^\"\\s]+)\"?)?(?: ((?:because|with an explicit deny).*))?");

  /** What asks to come back later, some with a status that does not say so. */
  private static final Set<String> BUSY =
      Set.of(
          "SlowDown",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "TooManyRequestsException",
          "BandwidthLimitExceeded");

  private static final Map<String, String> CREDENTIALS =
      Map.of(
          "InvalidAccessKeyId", "there is no such access key; it was deleted, or is of elsewhere",
          "SignatureDoesNotMatch", "the secret key does not belong to the access key",
          "ExpiredToken",
              "the credentials have expired and are not renewed; make the pod anew, and give it a"
                  + " role instead of keys with a session token",
          "InvalidToken", "the session token is not valid; make the pod anew",
          "TokenRefreshRequired", "the session token must be renewed; make the pod anew",
          "RequestTimeTooSkewed", "the clock of the node is wrong by more than 15 minutes",
          "AllAccessDisabled", "AWS has disabled all access to the bucket",
          "AccountProblem", "AWS has a problem with the account of the bucket");

  /** Which policy holds a request back, by AWS's own words, and what to do about it. */
  private static final Map<String, String> POLICIES =
      Map.of(
          "VPC endpoint", "allow it in the policy of the VPC endpoint",
          "service control policy", "it takes who manages the organization's policies to allow it",
          "resource control policy", "it takes who manages the organization's policies to allow it",
          "permissions boundary", "allow it in the permissions boundary of the role",
          "session policy", "allow it in the policy of the session");

  static S3Refusal of(AwsServiceException e, S3Call call, S3Uri place, String partition) {
    var details = e.awsErrorDetails();
    String code = details == null ? "" : Objects.requireNonNullElse(details.errorCode(), "");
    String said = details == null ? "" : Objects.requireNonNullElse(details.errorMessage(), "");
    int status = e.statusCode();
    if (status >= 500 || status == 429 || status == 408 || BUSY.contains(code)) {
      return new S3Refusal(Kind.UNREACHABLE, busy(status, code, said), true);
    }
    if (CREDENTIALS.containsKey(code)) {
      return new S3Refusal(Kind.DENIED, CREDENTIALS.get(code), false);
    }
    if (code.startsWith("KMS.")) {
      return new S3Refusal(
          Kind.UNUSABLE, "the KMS key of the bucket cannot be used: " + said, false);
    }
    Matcher told = NOT_AUTHORIZED.matcher(said);
    if (told.find()) {
      return new S3Refusal(Kind.DENIED, denied(told, call, place, partition), false);
    }
    if (status == 403) {
      return new S3Refusal(Kind.DENIED, denied(call, place, partition), false);
    }
    return new S3Refusal(Kind.UNUSABLE, unusable(status, code, said, e), false);
  }

  private static String busy(int status, String code, String said) {
    return status == 429 || BUSY.contains(code)
        ? "S3 asks to come back later: too many requests to this bucket or prefix"
        : "S3 has a fault of its own" + (said.isEmpty() ? "" : ": " + said);
  }

  private static String denied(Matcher told, S3Call call, S3Uri place, String partition) {
    String action = told.group(2);
    String why = Objects.requireNonNullElse(told.group(4), "");
    // Of the own call the resource is known better: not the one object, but all that is needed.
    String resource =
        action.equals(call.action())
            ? place.arn(call, partition)
            : Objects.requireNonNullElse(told.group(3), "the resource");
    return "access denied: %s on %s is not allowed to %s%s; %s"
        .formatted(
            action, resource, who(told.group(1)), why.isEmpty() ? "" : ", " + why, remedy(why));
  }

  /** Without the name of the session, which is another for each pod: the message would flap. */
  private static String who(String principal) {
    return principal == null
        ? "the job's pods"
        : principal.replaceFirst("(:assumed-role/[^/]+)/.*", "$1");
  }

  private static String remedy(String why) {
    Optional<String> policy =
        POLICIES.entrySet().stream()
            .filter(entry -> why.contains(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
    return policy.orElse(
        why.contains("explicit deny")
            ? "take the deny back"
                + (why.contains("resource-based") ? ", in the policy of the bucket or key" : "")
            : "add it to the policy of their role");
  }

  private static String denied(S3Call call, S3Uri place, String partition) {
    String key =
        call.keyAction().isEmpty()
            ? ""
            : ", and " + call.keyAction() + " where the bucket has a KMS key of its own";
    return "access denied: %s on %s is not allowed to the job's pods; add it to the policy of their role%s"
        .formatted(call.action(), place.arn(call, partition), key);
  }

  private static String unusable(int status, String code, String said, AwsServiceException e) {
    if (code.equals("NoSuchBucket")) {
      return "the bucket does not exist";
    }
    if (status == 301 || code.equals("AuthorizationHeaderMalformed")) {
      return "the bucket is in another region"
          + region(e).map(r -> ", " + r).orElse("")
          + "; set s3.endpoint.region in flinkConfiguration (s3.region with the plugin Native)";
    }
    return switch (code) {
      case "InvalidBucketName" -> "this is not a name that a bucket can have";
      case "MethodNotAllowed", "NotImplemented" -> "the store cannot do this";
      default ->
          status == 404
              ? "it does not exist"
              : said.isEmpty() ? "S3 refused" : "S3 refused: " + said;
    };
  }

  private static Optional<String> region(AwsServiceException e) {
    var details = e.awsErrorDetails();
    return details == null || details.sdkHttpResponse() == null
        ? Optional.empty()
        : details.sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region");
  }
}
