package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.StorageSpec;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.StorageDirs;
import java.util.Optional;

/** Derives the directories of a cluster. */
final class Directories {

  private Directories() {}

  static StorageDirs of(StorageSpec storage, ClusterNames names) {
    if (storage == null) {
      return StorageDirs.NONE;
    }
    return new StorageDirs(
        directory(storage.checkpoints(), storage, names, "checkpoints"),
        directory(storage.savepoints(), storage, names, "savepoints"),
        directory(storage.highAvailability(), storage, names, "ha"));
  }

  private static Optional<String> directory(
      String explicit, StorageSpec storage, ClusterNames names, String kind) {
    if (explicit != null) {
      return Optional.of(bare(explicit));
    }
    return Optional.ofNullable(storage.baseURI())
        .map(base -> bare(base) + "/" + names.namespace() + "/" + names.name() + "/" + kind);
  }

  private static String bare(String uri) {
    return uri.replaceAll("(?<![:/])/+$", "");
  }
}
