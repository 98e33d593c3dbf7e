package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.api.S3Plugin;
import io.flinkcluster.operator.api.StorageSpec;
import io.flinkcluster.operator.api.UpgradeMode;
import io.flinkcluster.operator.flinkconf.FlinkDurations;
import io.flinkcluster.operator.flinkconf.VersionProfile;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Schemes;
import io.flinkcluster.operator.model.StorageDirs;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Rules for directories and checkpoints. */
final class StorageRules {

  private static final String BASE = "spec.storage.baseURI";
  private static final String HIGH_AVAILABILITY = "spec.storage.highAvailability";

  private StorageRules() {}

  static void check(FlinkClusterSpec spec, StorageDirs dirs, Findings findings) {
    boolean stateful = spec.job() != null && spec.job().upgradeMode() != UpgradeMode.Stateless;
    if (stateful && (dirs.checkpoints().isEmpty() || dirs.savepoints().isEmpty())) {
      findings.refuse(
          "spec.storage",
          null,
          "job.upgradeMode "
              + spec.job().upgradeMode()
              + " needs directories for checkpoints and"
              + " savepoints",
          "set storage.baseURI, or say upgradeMode: Stateless if the state may be lost");
    }
    StorageSpec storage = spec.storage();
    if (storage == null) {
      return;
    }
    given(storage).forEach((field, uri) -> checkUri(field, uri, findings));
    checkNesting(dirs, findings);
    checkInterval(storage.checkpointInterval(), findings);
    Map<String, String> used = effective(spec, dirs);
    used.forEach(
        (field, uri) -> {
          boolean ofHighAvailability = dirs.highAvailability().filter(uri::equals).isPresent();
          if (stateful || ofHighAvailability) {
            checkLocal(field, uri, spec, findings);
          }
        });
    checkPlugin(spec.flinkVersion(), storage, used, findings);
  }

  private static Map<String, String> given(StorageSpec storage) {
    var fields = new LinkedHashMap<String, String>();
    put(fields, BASE, storage.baseURI());
    put(fields, "spec.storage.checkpoints", storage.checkpoints());
    put(fields, "spec.storage.savepoints", storage.savepoints());
    put(fields, HIGH_AVAILABILITY, storage.highAvailability());
    return fields;
  }

  /** The directories that the job uses, by the field that names them. */
  static Map<String, String> effective(FlinkClusterSpec spec, StorageDirs dirs) {
    var fields = new LinkedHashMap<String, String>();
    StorageSpec storage = spec.storage();
    if (storage == null) {
      return fields;
    }
    if (spec.highAvailability().enabled()) {
      put(
          fields,
          storage.highAvailability() == null ? BASE : HIGH_AVAILABILITY,
          dirs.highAvailability().orElse(null));
    }
    put(
        fields,
        storage.checkpoints() == null ? BASE : "spec.storage.checkpoints",
        dirs.checkpoints().orElse(null));
    put(
        fields,
        storage.savepoints() == null ? BASE : "spec.storage.savepoints",
        dirs.savepoints().orElse(null));
    return fields;
  }

  private static void put(Map<String, String> fields, String field, String value) {
    if (value != null) {
      fields.putIfAbsent(field, value);
    }
  }

  private static void checkUri(String field, String uri, Findings findings) {
    if (Credentials.in(uri)) {
      Credentials.refuse(field, findings);
      return;
    }
    Optional<URI> parsed = parse(uri);
    if (parsed.isEmpty() || parsed.get().getScheme() == null || parsed.get().getPath() == null) {
      findings.refuse(
          field, uri, "is not a URI of a directory", "write for instance s3://bucket/path");
    } else if (parsed.get().getQuery() != null || parsed.get().getFragment() != null) {
      findings.refuse(field, uri, "a directory has no query and no fragment", "remove it");
    } else if (Schemes.isS3(uri) && parsed.get().getRawAuthority() == null) {
      findings.refuse(field, uri, "names no bucket", "write s3://bucket/path");
    } else if (Schemes.of(uri).equals("file") && parsed.get().getRawAuthority() != null) {
      findings.refuse(
          field, uri, "a path of the pod has no host", "write file:///path, with three slashes");
    }
  }

  private static Optional<URI> parse(String uri) {
    try {
      return Optional.of(URI.create(uri));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void checkNesting(StorageDirs dirs, Findings findings) {
    if (dirs.checkpoints().isPresent() && dirs.savepoints().isPresent()) {
      String checkpoints = dirs.checkpoints().get() + "/";
      String savepoints = dirs.savepoints().get() + "/";
      if (checkpoints.startsWith(savepoints) || savepoints.startsWith(checkpoints)) {
        findings.refuse(
            "spec.storage.savepoints",
            dirs.savepoints().get(),
            "savepoints and checkpoints must not lie in one another: they are cleaned up by"
                + " different rules",
            "choose two directories side by side");
      }
    }
  }

  private static void checkInterval(String interval, Findings findings) {
    Optional<Long> millis = FlinkDurations.millis(interval);
    if (millis.isEmpty() || millis.get() < 10) {
      findings.refuse(
          "spec.storage.checkpointInterval",
          interval,
          "is not a duration of at least 10ms",
          "write for instance 60s");
    }
  }

  private static void checkPlugin(
      FlinkVersion version, StorageSpec storage, Map<String, String> used, Findings findings) {
    var field = "spec.storage.s3Plugin";
    S3Plugin plugin = storage.s3Plugin();
    if (plugin == S3Plugin.Native && version != null && !VersionProfile.of(version).nativeS3()) {
      findings.refuse(
          field,
          plugin,
          "Flink " + version.minor() + " has no such plugin",
          "use Presto or Hadoop");
    }
    used.forEach(
        (name, uri) -> {
          String scheme = Schemes.of(uri);
          boolean served =
              switch (plugin) {
                case Presto -> !scheme.equals("s3a");
                case Hadoop, Native -> !scheme.equals("s3p");
                case None -> true;
              };
          if (!served) {
            findings.refuse(
                name,
                uri,
                "the plugin " + plugin + " does not know " + scheme + "://",
                "write s3://, or choose another s3Plugin");
          }
        });
  }

  private static void checkLocal(
      String field, String uri, FlinkClusterSpec spec, Findings findings) {
    if (!Schemes.of(uri).equals("file")) {
      return;
    }
    String path = parse(uri).map(URI::getPath).orElse("");
    for (Component component : Component.values()) {
      if (!Mounts.of(spec, component).survivesPod(path)) {
        findings.refuse(
            field,
            uri,
            "in the "
                + component.label()
                + " pods no volume is mounted there that outlives the"
                + " pod, and the job's state would die with it",
            "mount a persistent volume at that path in container flink of spec.podTemplate, or use"
                + " s3://");
      }
    }
  }
}
