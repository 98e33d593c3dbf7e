package io.flinkcluster.operator.aws;

import java.util.stream.Stream;

/**
 * A call that this package makes, and the IAM action that allows it. The names are not those of the
 * calls; both are from the Service Authorization Reference of AWS for Amazon S3.
 */
public enum S3Call {
  /** ListObjectsV2, and HeadBucket. */
  LIST("s3:ListBucket", true, ""),
  /** GetObject. */
  READ("s3:GetObject", false, "kms:Decrypt"),
  /** PutObject. */
  WRITE("s3:PutObject", false, "kms:GenerateDataKey"),
  /** DeleteObject. */
  DELETE("s3:DeleteObject", false, ""),
  /** GetBucketLifecycleConfiguration; not needed, and told where it is denied. */
  LIFECYCLE("s3:GetLifecycleConfiguration", true, ""),
  /** GetObjectLockConfiguration; not needed, and told where it is denied. */
  OBJECT_LOCK("s3:GetBucketObjectLockConfiguration", true, "");

  private final String action;
  private final boolean ofBucket;
  private final String keyAction;

  S3Call(String action, boolean ofBucket, String keyAction) {
    this.action = action;
    this.ofBucket = ofBucket;
    this.keyAction = keyAction;
  }

  /** As it stands in a policy. */
  public String action() {
    return action;
  }

  /** Whether a policy names the bucket as its resource, and not the objects in it. */
  public boolean ofBucket() {
    return ofBucket;
  }

  /** What is needed on the key where the bucket is encrypted with one of KMS; empty: nothing. */
  public String keyAction() {
    return keyAction;
  }

  /** All actions, on S3 and on keys. */
  public static Stream<String> actions() {
    return Stream.of(values())
        .flatMap(call -> Stream.of(call.action, call.keyAction))
        .filter(action -> !action.isEmpty());
  }
}
