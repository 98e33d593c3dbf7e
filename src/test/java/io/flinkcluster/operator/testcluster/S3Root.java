package io.flinkcluster.operator.testcluster;

import java.net.URI;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Who owns the buckets of a versitygw, and says what its user may do in them. */
public final class S3Root implements AutoCloseable {
  /** Access key that the server is to be started with. */
  public static final String KEY = "root";

  /** Secret key that the server is to be started with. */
  public static final String SECRET = "secret-of-root";

  private final S3Client client;

  /** Connects with a server when it is first asked. */
  public S3Root(String endpoint, String region) {
    client =
        S3Client.builder()
            .endpointOverride(URI.create(endpoint))
            .region(Region.of(region))
            .forcePathStyle(true)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, SECRET)))
            .build();
  }

  /** With every right. */
  public S3Client client() {
    return client;
  }

  /**
   * Makes a bucket that gives {@link S3Server#USER} what these statements say.
   *
   * @param statements JSON objects without principal and braces, in which {@code BUCKET} stands for
   *     the name
   */
  public void bucket(String name, String... statements) {
    client.createBucket(b -> b.bucket(name));
    policy(name, statements);
  }

  /** Gives the bucket these statements instead of those that it has. */
  public void policy(String name, String... statements) {
    var policy = new StringBuilder();
    for (String statement : statements) {
      policy
          .append(policy.length() == 0 ? "" : ",")
          .append("{\"Principal\": \"" + S3Server.USER + "\", ")
          .append(statement.replace("BUCKET", name))
          .append("}");
    }
    client.putBucketPolicy(
        p ->
            p.bucket(name)
                .policy("{\"Version\": \"2012-10-17\", \"Statement\": [" + policy + "]}"));
  }

  /** The keys of all objects whose keys begin so. */
  public List<String> keys(String bucket, String prefix) {
    return client.listObjectsV2Paginator(l -> l.bucket(bucket).prefix(prefix)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  @Override
  public void close() {
    client.close();
  }
}
