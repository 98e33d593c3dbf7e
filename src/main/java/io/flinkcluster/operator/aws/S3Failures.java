package io.flinkcluster.operator.aws;

import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Says in one line why S3 did not answer as wished, and whether to ask again. */
final class S3Failures {

  /** The part of the SDK's message that tells about IRSA; its name stands in a list before, too. */
  private static final Pattern WEB_IDENTITY =
      Pattern.compile("WebIdentityTokenFileCredentialsProvider\\(\\): ([^,\\]]+)");

  private S3Failures() {}

  static S3Failure of(SdkException e, String right, S3Uri place) {
    return e instanceof AwsServiceException refusal
        ? refused(refusal, right, place)
        : unreachable(e, place);
  }

  private static S3Failure refused(AwsServiceException e, String right, S3Uri place) {
    int status = e.statusCode();
    var details = e.awsErrorDetails();
    String code = details == null ? "" : Objects.requireNonNullElse(details.errorCode(), "");
    String said = details == null ? "" : Objects.requireNonNullElse(details.errorMessage(), "");
    String answer = "HTTP " + status + (code.isEmpty() ? "" : " " + code);
    String what =
        switch (status) {
          case 403 ->
              "access denied; the role of the job's service account needs "
                  + right
                  + " here, and kms:Decrypt where the bucket is encrypted with a key of KMS";
          case 404 ->
              code.equals("NoSuchBucket") ? "the bucket does not exist" : "it does not exist";
          default -> said.isEmpty() ? "S3 refused" : said;
        };
    boolean passing = status >= 500 || status == 429 || status == 408;
    return new S3Failure(place + ": " + what + " (" + answer + ")", passing, e);
  }

  private static S3Failure unreachable(SdkException e, S3Uri place) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
      if (cause instanceof CertificateException) {
        return new S3Failure(
            place + ": the certificate of S3 is not trusted: " + cause.getMessage(), false, e);
      }
    }
    String message = Objects.requireNonNullElse(e.getMessage(), "");
    if (message.startsWith("Unable to load credentials")) {
      return new S3Failure(place + ": " + noCredentials(message), true, e);
    }
    String kind = cause instanceof SSLException ? "TLS: " : "";
    return new S3Failure(
        place
            + ": S3 cannot be reached: "
            + kind
            + cause.getClass().getSimpleName()
            + ": "
            + cause.getMessage(),
        true,
        e);
  }

  /** What became of IRSA is said where it is configured; the other ways are not what was meant. */
  private static String noCredentials(String message) {
    Matcher irsa = WEB_IDENTITY.matcher(message);
    return irsa.find() && !irsa.group(1).contains("must be set")
        ? "the role of the job's service account cannot be taken: " + irsa.group(1)
        : "the pod has no AWS credentials; give the job's service account a role, by IRSA or EKS"
            + " Pod Identity";
  }
}
