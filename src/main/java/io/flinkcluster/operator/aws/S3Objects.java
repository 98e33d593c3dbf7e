package io.flinkcluster.operator.aws;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Reads, lists and deletes objects on S3. Each call is made up to three times by the SDK itself.
 */
public final class S3Objects implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** Longest silence of the server. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final S3Client client;

  private S3Objects(S3Client client) {
    this.client = client;
  }

  /** Connects to nothing yet. */
  public static S3Objects connect(S3Access access) {
    S3ClientBuilder client =
        S3Client.builder()
            .httpClientBuilder(
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE))
            .region(region(access))
            // A bucket is often in another region than the cluster.
            .crossRegionAccessEnabled(access.endpoint().isEmpty())
            .forcePathStyle(access.pathStyle())
            .credentialsProvider(credentials(access));
    access.endpoint().ifPresent(url -> client.endpointOverride(endpoint(url)));
    return new S3Objects(client.build());
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
    if (access.region().isPresent()) {
      return Region.of(access.region().get());
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
      throw S3Failures.of(e, "s3:GetObject", object);
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
      throw S3Failures.of(e, "s3:ListBucket", folder);
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
      throw S3Failures.of(e, "s3:ListBucket", object);
    }
  }

  /**
   * Deletes all objects whose key begins so.
   *
   * @return how many there were
   * @throws S3Failure where one cannot be deleted; some may be gone then
   */
  public int deleteAll(S3Uri prefix) throws S3Failure {
    var request =
        ListObjectsV2Request.builder().bucket(prefix.bucket()).prefix(prefix.key()).build();
    int deleted = 0;
    String right = "s3:ListBucket";
    try {
      for (S3Object object : client.listObjectsV2Paginator(request).contents()) {
        right = "s3:DeleteObject";
        client.deleteObject(d -> d.bucket(prefix.bucket()).key(object.key()));
        deleted++;
      }
    } catch (SdkException e) {
      throw S3Failures.of(e, right, prefix);
    }
    return deleted;
  }

  @Override
  public void close() {
    client.close();
  }
}
