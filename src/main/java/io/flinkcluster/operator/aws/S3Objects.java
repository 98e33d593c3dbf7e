package io.flinkcluster.operator.aws;

import io.flinkcluster.operator.aws.S3Failure.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.utils.BinaryUtils;
import software.amazon.awssdk.utils.Md5Utils;

/** Reads, writes, lists and deletes objects on S3. */
public final class S3Objects implements AutoCloseable {

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

  private final S3Client client;
  private final String partition;

  private S3Objects(S3Client client, String partition) {
    this.client = client;
    this.partition = partition;
  }

  /** Connects to nothing yet. */
  public static S3Objects connect(S3Access access) {
    return connect(access, S3Timing.USUAL);
  }

  /** The same with another timing than the usual. */
  public static S3Objects connect(S3Access access, S3Timing timing) {
    Region region = region(access);
    S3ClientBuilder client =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(timing.connect())
                    .socketTimeout(timing.silence()))
            .overrideConfiguration(c -> c.retryStrategy(retries(timing)))
            .region(region)
            // A bucket is often in another region than the cluster.
            .crossRegionAccessEnabled(access.endpoint().isEmpty())
            .forcePathStyle(access.pathStyle())
            // As Flink's plugins write: not every store knows checksums that trail the content.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .serviceConfiguration(c -> c.chunkedEncodingEnabled(false))
            .credentialsProvider(credentials(access));
    access.endpoint().ifPresent(url -> client.endpointOverride(endpoint(url)));
    return new S3Objects(client.build(), region.metadata() == null ? "aws" : partition(region));
  }

  private static RetryStrategy retries(S3Timing timing) {
    return AwsRetryStrategy.standardRetryStrategy().toBuilder()
        .maxAttempts(timing.attempts())
        .backoffStrategy(pauses(timing.pause()))
        .throttlingBackoffStrategy(pauses(timing.pause().multipliedBy(10)))
        .build();
  }

  private static BackoffStrategy pauses(Duration first) {
    return BackoffStrategy.exponentialDelay(first, LONGEST_PAUSE);
  }

  private static String partition(Region region) {
    return region.metadata().partition().id();
  }

  /** What is asked about a whole bucket, over the same connections. */
  public S3Bucket bucket(String name) {
    return new S3Bucket(client, name, partition);
  }

  /** What is done to many objects, over the same connections. */
  public S3Tree tree() {
    return new S3Tree(client, partition);
  }

  private S3Failure failure(SdkException e, S3Call call, S3Uri place) {
    return S3Failures.of(e, call, place, partition);
  }

  /** Flink's plugins take a host name alone for an endpoint. */
  private static URI endpoint(String text) {
    return URI.create(text.contains("://") ? text : "https://" + text);
  }

  private static AwsCredentialsProvider credentials(S3Access access) {
    if (access.accessKey().isPresent() && access.secretKey().isPresent()) {
      return StaticCredentialsProvider.create(
          AwsBasicCredentials.create(access.accessKey().get(), access.secretKey().get()));
    }
    return DefaultCredentialsProvider.builder().build();
  }

  private static Region region(S3Access access) {
    Optional<String> named = access.namedRegion();
    if (named.isPresent()) {
      return Region.of(named.get());
    }
    if (access.endpoint().isPresent() && System.getenv("AWS_REGION") == null) {
      return Region.US_EAST_1; // stores other than AWS take any
    }
    try {
      return new DefaultAwsRegionProviderChain().getRegion();
    } catch (SdkClientException e) {
      return Region.US_EAST_1; // which says where a bucket really is
    }
  }

  /**
   * The content of an object.
   *
   * @throws S3Failure where it cannot be had
   */
  public S3Content open(S3Uri object) throws S3Failure {
    try {
      var answer =
          client.getObject(
              GetObjectRequest.builder().bucket(object.bucket()).key(object.key()).build());
      return new S3Content(new S3Body(answer), answer.response().contentLength());
    } catch (SdkException e) {
      throw failure(e, S3Call.READ, object);
    }
  }

  /**
   * The names of the folders directly in a folder, without slashes, in the order of S3.
   *
   * @throws S3Failure where it cannot be listed; a folder that does not exist is just empty
   */
  public List<String> folders(S3Uri folder) throws S3Failure {
    var request =
        ListObjectsV2Request.builder()
            .bucket(folder.bucket())
            .prefix(folder.folder())
            .delimiter("/")
            .build();
    var names = new ArrayList<String>();
    try {
      for (ListObjectsV2Response page : client.listObjectsV2Paginator(request)) {
        page.commonPrefixes().stream()
            .map(CommonPrefix::prefix)
            .map(key -> key.substring(folder.folder().length(), key.length() - 1))
            .forEach(names::add);
      }
    } catch (SdkException e) {
      throw failure(e, S3Call.LIST, folder);
    }
    return names;
  }

  /**
   * Whether there is an object of this very key. Asked by listing, so that the answer does not
   * depend on the right to read it.
   *
   * @throws S3Failure where that cannot be told
   */
  public boolean exists(S3Uri object) throws S3Failure {
    var request =
        ListObjectsV2Request.builder()
            .bucket(object.bucket())
            .prefix(object.key())
            .maxKeys(1) // the exact key sorts before all longer ones
            .build();
    try {
      return client.listObjectsV2(request).contents().stream()
          .anyMatch(found -> found.key().equals(object.key()));
    } catch (SdkException e) {
      throw failure(e, S3Call.LIST, object);
    }
  }

  /**
   * Lists the beginning of a folder, as a trial.
   *
   * @throws S3Failure where it cannot be listed; a folder that does not exist is just empty
   */
  public void list(S3Uri folder) throws S3Failure {
    try {
      client.listObjectsV2(
          l -> l.bucket(folder.bucket()).prefix(folder.folder()).delimiter("/").maxKeys(1));
    } catch (SdkException e) {
      throw failure(e, S3Call.LIST, folder.asFolder());
    }
  }

  /**
   * Writes a small object.
   *
   * @param below what failures name: the folder that must be writable
   * @return whether the bucket keeps earlier versions of what is written or deleted
   * @throws S3Failure where it cannot be written
   */
  public boolean write(S3Uri object, byte[] content, S3Uri below) throws S3Failure {
    try {
      var answer =
          client.putObject(
              // A bucket that locks objects wants the checksum.
              p -> p.bucket(object.bucket()).key(object.key()).contentMD5(md5(content)),
              RequestBody.fromBytes(content));
      return answer.versionId() != null && !answer.versionId().equals("null");
    } catch (SdkException e) {
      throw failure(e, S3Call.WRITE, below.asFolder());
    }
  }

  private static String md5(byte[] content) {
    return BinaryUtils.toBase64(Md5Utils.computeMD5Hash(content));
  }

  /**
   * Reads a small object to its end.
   *
   * @param below what failures name
   * @throws S3Failure where it cannot be read
   */
  public byte[] read(S3Uri object, S3Uri below) throws S3Failure {
    try {
      var answer = client.getObjectAsBytes(g -> g.bucket(object.bucket()).key(object.key()));
      byte[] content = answer.asByteArray();
      Long length = answer.response().contentLength();
      if (length != null && length != content.length) {
        String broken = "%s: S3 broke off its answer, after %d of %d bytes";
        throw new S3Failure(
            Kind.UNREACHABLE,
            broken.formatted(below.asFolder(), content.length, length),
            true,
            null);
      }
      return content;
    } catch (SdkException e) {
      throw failure(e, S3Call.READ, below.asFolder());
    }
  }

  /**
   * Deletes an object; one that is not there is fine.
   *
   * @param below what failures name
   * @throws S3Failure where it cannot be deleted
   */
  public void delete(S3Uri object, S3Uri below) throws S3Failure {
    try {
      client.deleteObject(d -> d.bucket(object.bucket()).key(object.key()));
    } catch (SdkException e) {
      throw failure(e, S3Call.DELETE, below.asFolder());
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
