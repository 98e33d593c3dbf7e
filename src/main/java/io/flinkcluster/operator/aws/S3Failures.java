package io.flinkcluster.operator.aws;

import io.flinkcluster.operator.aws.S3Failure.Kind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.xml.stream.XMLStreamException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Says in one line why S3 did not answer as wished, and whether to ask again. */
final class S3Failures {

  /** The part of the SDK's message that tells about IRSA; its name stands in a list before, too. */
  private static final Pattern WEB_IDENTITY =
      Pattern.compile("WebIdentityTokenFileCredentialsProvider\\(\\): ([^,\\]]+)");

  private S3Failures() {}

  static S3Failure of(SdkException e, S3Call call, S3Uri place, String partition) {
    return e instanceof AwsServiceException refusal
        ? refused(refusal, call, place, partition)
        : unreachable(e, place);
  }

  private static S3Failure refused(
      AwsServiceException e, S3Call call, S3Uri place, String partition) {
    var details = e.awsErrorDetails();
    String code = details == null ? "" : Objects.requireNonNullElse(details.errorCode(), "");
    String answer = "HTTP " + e.statusCode() + (code.isEmpty() ? "" : " " + code);
    S3Refusal refusal = S3Refusal.of(e, call, place, partition);
    return new S3Failure(
        refusal.kind(), place + ": " + refusal.text() + " (" + answer + ")", refusal.passing(), e);
  }

  private static S3Failure unreachable(SdkException e, S3Uri place) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
      if (cause instanceof CertificateException) {
        return new S3Failure(
            Kind.UNUSABLE,
            place + ": the certificate of S3 is not trusted: " + cause.getMessage(),
            false,
            e);
      }
    }
    String message = Objects.requireNonNullElse(e.getMessage(), "");
    if (message.startsWith("Unable to load credentials")) {
      return new S3Failure(Kind.DENIED, place + ": " + noCredentials(message), true, e);
    }
    String kind = cause instanceof SSLException ? "TLS: " : "";
    String what =
        cause instanceof XMLStreamException
            ? ": what answers broke off, or is not S3: "
            : ": S3 cannot be reached: ";
    String words = String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
    return new S3Failure(
        Kind.UNREACHABLE,
        place + what + kind + cause.getClass().getSimpleName() + ": " + words + wayOut(cause),
        true,
        e);
  }

  /**
   * What is behind it in a private subnet: a missing way to S3 does not answer, not even with 403.
   */
  private static String wayOut(Throwable cause) {
    boolean silent =
        cause instanceof SocketTimeoutException
            || cause instanceof ConnectException
            || cause instanceof NoRouteToHostException;
    return silent
        ? "; see that the pods' subnets have a gateway endpoint for S3 or another way out, and that"
            + " no NetworkPolicy or security group holds it back"
        : cause instanceof UnknownHostException
            ? "; see the bucket's name, the endpoint and the region, and DNS"
            : cause instanceof XMLStreamException
                ? "; see the endpoint, and proxies before it"
                : "";
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
