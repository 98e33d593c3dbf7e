package io.flinkcluster.operator.admit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.model.Component;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the pod templates of a component mount into the Flink container.
 *
 * @param volumeByPath name of the volume by mount path
 * @param lasting names of the volumes that outlive a pod
 */
record Mounts(Map<String, String> volumeByPath, Set<String> lasting) {

  private static final Set<String> DIES_WITH_POD =
      Set.of("emptyDir", "ephemeral", "configMap", "secret", "projected", "downwardAPI", "image");

  static Mounts of(FlinkClusterSpec spec, Component component) {
    var paths = new HashMap<String, String>();
    var lasting = new HashSet<String>();
    ObjectNode own =
        component == Component.JOB_MANAGER
            ? spec.jobManager().podTemplate()
            : spec.taskManager().podTemplate();
    Stream.of(spec.podTemplate(), own)
        .filter(template -> template != null)
        .map(template -> template.path("spec"))
        .forEach(
            pod -> {
              collectMounts(pod, paths);
              collectVolumes(pod, lasting);
            });
    return new Mounts(paths, lasting);
  }

  /** Whether what is written below this path is still there for the next pod. */
  boolean survivesPod(String path) {
    return volumeByPath.entrySet().stream()
        .filter(mount -> covers(mount.getKey(), path))
        .max((a, b) -> Integer.compare(a.getKey().length(), b.getKey().length()))
        .map(mount -> lasting.contains(mount.getValue()))
        .orElse(false);
  }

  static boolean covers(String mountPath, String path) {
    String bare = mountPath.replaceAll("/+$", "");
    return path.equals(bare) || path.startsWith(bare + "/");
  }

  private static void collectMounts(JsonNode pod, Map<String, String> paths) {
    for (JsonNode container : pod.path("containers")) {
      if (container.path("name").asText().equals("flink")) {
        container
            .path("volumeMounts")
            .forEach(
                mount -> paths.put(mount.path("mountPath").asText(), mount.path("name").asText()));
      }
    }
  }

  private static void collectVolumes(JsonNode pod, Set<String> lasting) {
    for (JsonNode volume : pod.path("volumes")) {
      boolean dies = DIES_WITH_POD.stream().anyMatch(volume::has);
      // Without any source Kubernetes makes it an emptyDir.
      if (!dies && volume.size() > 1) {
        lasting.add(volume.path("name").asText());
      } else {
        lasting.remove(volume.path("name").asText());
      }
    }
  }
}
