package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.model.Schemes;
import io.flinkcluster.operator.model.StorageDirs;
import java.util.Optional;
import java.util.stream.Stream;

/** Which directories need an S3 plugin. */
public final class S3 {

  private S3() {}

  /** Whether a directory of the cluster is on S3. */
  public static boolean used(StorageDirs dirs) {
    return Stream.of(dirs.checkpoints(), dirs.savepoints(), dirs.highAvailability())
        .flatMap(Optional::stream)
        .anyMatch(Schemes::isS3);
  }
}
