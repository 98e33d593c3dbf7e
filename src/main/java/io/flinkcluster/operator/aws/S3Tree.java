package io.flinkcluster.operator.aws;

import java.time.Instant;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What is done to all objects below a place on S3. */
public final class S3Tree {

  private final S3Client client;
  private final String partition;

  S3Tree(S3Client client, String partition) {
    this.client = client;
    this.partition = partition;
  }

  /**
   * An object, as a listing tells it.
   *
   * @param key whole, not only what follows the place that was listed
   * @param bytes its size
   * @param written when it was written last
   */
  public record Listed(String key, long bytes, Instant written) {}

  /**
   * Tells of each object below a folder, in the order of S3.
   *
   * @throws S3Failure where it cannot be listed; a folder that does not exist is just empty
   */
  public void each(S3Uri folder, Consumer<Listed> told) throws S3Failure {
    try {
      for (S3Object object : client.listObjectsV2Paginator(below(folder.asFolder())).contents()) {
        told.accept(new Listed(object.key(), object.size(), object.lastModified()));
      }
    } catch (SdkException e) {
      throw S3Failures.of(e, S3Call.LIST, folder.asFolder(), partition);
    }
  }

  /**
   * Deletes all objects whose key begins so.
   *
   * @return how many there were
   * @throws S3Failure where one cannot be deleted; some may be gone then
   */
  public int deleteAll(S3Uri prefix) throws S3Failure {
    int deleted = 0;
    S3Call call = S3Call.LIST;
    try {
      for (S3Object object : client.listObjectsV2Paginator(below(prefix)).contents()) {
        call = S3Call.DELETE;
        client.deleteObject(d -> d.bucket(prefix.bucket()).key(object.key()));
        deleted++;
      }
    } catch (SdkException e) {
      throw S3Failures.of(e, call, new S3Uri(prefix.bucket(), prefix.key() + "*"), partition);
    }
    return deleted;
  }

  private static ListObjectsV2Request below(S3Uri prefix) {
    return ListObjectsV2Request.builder().bucket(prefix.bucket()).prefix(prefix.key()).build();
  }
}
