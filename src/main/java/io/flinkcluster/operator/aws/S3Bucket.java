package io.flinkcluster.operator.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.TransitionStorageClass;

/** What holds for a whole bucket. None of it is needed to run a job. */
public final class S3Bucket {

  /** How the names of directory buckets end (S3 Express One Zone). */
  private static final String DIRECTORY = "--x-s3";

  /** Classes from which an object must be restored, for hours, before it can be read. */
  private static final List<TransitionStorageClass> FROZEN =
      List.of(TransitionStorageClass.GLACIER, TransitionStorageClass.DEEP_ARCHIVE);

  private final S3Client client;
  private final String name;
  private final String partition;

  S3Bucket(S3Client client, String name, String partition) {
    this.client = client;
    this.name = name;
    this.partition = partition;
  }

  /**
   * A lifecycle rule that takes objects away while they may be in use.
   *
   * @param prefix of the keys that it is about; empty: all
   * @param effect as the end of a sentence about the rule, for instance {@code deletes what is
   *     older than 7 days}
   */
  public record Expiry(String rule, String prefix, String effect) {

    /** Whether it is about anything below a folder. */
    public boolean concerns(S3Uri folder) {
      return folder.folder().startsWith(prefix) || prefix.startsWith(folder.folder());
    }
  }

  /** Whether it is a directory bucket, which lies in one availability zone. */
  public static boolean isDirectory(String name) {
    return name.endsWith(DIRECTORY);
  }

  /**
   * The rules that are switched on and take away current objects without tags: Flink gives its
   * objects none. Rules about earlier versions and incomplete uploads are left out.
   *
   * @throws S3Failure where they cannot be read
   */
  public List<Expiry> expiries() throws S3Failure {
    var found = new ArrayList<Expiry>();
    try {
      for (LifecycleRule rule :
          client.getBucketLifecycleConfiguration(g -> g.bucket(name)).rules()) {
        Optional<String> prefix = prefix(rule);
        if (rule.status() == ExpirationStatus.ENABLED && prefix.isPresent()) {
          effect(rule).ifPresent(effect -> found.add(new Expiry(rule.id(), prefix.get(), effect)));
        }
      }
      return found;
    } catch (SdkException e) {
      if (isCode(e, "NoSuchLifecycleConfiguration")) {
        return List.of();
      }
      throw S3Failures.of(e, S3Call.LIFECYCLE, new S3Uri(name, ""), partition);
    }
  }

  /** Empty: the rule is about objects with tags. */
  @SuppressWarnings("deprecation") // old rules have their prefix outside of the filter
  private static Optional<String> prefix(LifecycleRule rule) {
    LifecycleRuleFilter filter = rule.filter();
    if (filter == null) {
      return Optional.of(rule.prefix() == null ? "" : rule.prefix());
    }
    if (filter.tag() != null || (filter.and() != null && !filter.and().tags().isEmpty())) {
      return Optional.empty();
    }
    String prefix = filter.and() == null ? filter.prefix() : filter.and().prefix();
    return Optional.of(prefix == null ? "" : prefix);
  }

  private static Optional<String> effect(LifecycleRule rule) {
    var expiration = rule.expiration();
    if (expiration != null && expiration.days() != null) {
      return Optional.of("deletes what is older than " + days(expiration.days()));
    }
    if (expiration != null && expiration.date() != null) {
      return Optional.of("deletes everything at " + expiration.date());
    }
    return rule.transitions().stream()
        .filter(transition -> FROZEN.contains(transition.storageClass()))
        .map(
            transition ->
                "moves objects to "
                    + transition.storageClassAsString()
                    + ", from which Flink cannot read them")
        .findFirst();
  }

  private static String days(int count) {
    return count == 1 ? "one day" : count + " days";
  }

  /**
   * For how long the bucket forbids to delete each object, as words; empty: it does not.
   *
   * @throws S3Failure where that cannot be read
   */
  public Optional<String> retention() throws S3Failure {
    try {
      var lock = client.getObjectLockConfiguration(g -> g.bucket(name)).objectLockConfiguration();
      if (lock == null || lock.rule() == null || lock.rule().defaultRetention() == null) {
        return Optional.empty();
      }
      var retention = lock.rule().defaultRetention();
      return Optional.of(
          retention.days() != null
              ? days(retention.days())
              : retention.years() + (retention.years() == 1 ? " year" : " years"));
    } catch (SdkException e) {
      if (isCode(e, "ObjectLockConfigurationNotFoundError")) {
        return Optional.empty();
      }
      throw S3Failures.of(e, S3Call.OBJECT_LOCK, new S3Uri(name, ""), partition);
    }
  }

  /**
   * The region of the bucket; empty: it does not say.
   *
   * @throws S3Failure where it cannot be asked
   */
  public Optional<String> region() throws S3Failure {
    try {
      return Optional.ofNullable(client.headBucket(h -> h.bucket(name)).bucketRegion());
    } catch (SdkException e) {
      throw S3Failures.of(e, S3Call.LIST, new S3Uri(name, ""), partition);
    }
  }

  private static boolean isCode(SdkException e, String code) {
    return e instanceof AwsServiceException refusal
        && refusal.awsErrorDetails() != null
        && code.equals(refusal.awsErrorDetails().errorCode());
  }
}
