package io.flinkcluster.operator.api;

/** The S3 file system plugin of the Flink image that is enabled. */
public enum S3Plugin {
  /** {@code flink-s3-fs-presto}: recommended for checkpoints. */
  Presto,
  /** {@code flink-s3-fs-hadoop}: also serves exactly-once file sinks. */
  Hadoop,
  /** {@code flink-s3-fs-native}: Flink 2.3 and later. */
  Native,
  /** None is enabled; the image may bring its own. */
  None
}
