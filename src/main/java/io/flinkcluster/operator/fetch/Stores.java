package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.model.Schemes;

/** Finds the {@link Store} that a path is in. */
final class Stores {

  private Stores() {}

  static Store of(String path, S3Access access) {
    return Schemes.isS3(path) ? new S3Store(access) : new VolumeStore();
  }
}
