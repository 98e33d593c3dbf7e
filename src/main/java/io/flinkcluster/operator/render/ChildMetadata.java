package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.flinkcluster.operator.api.ChildMetadataSpec;
import io.flinkcluster.operator.model.Labels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The user's labels and annotations on what is made for a cluster; the operator's own win. */
public final class ChildMetadata {

  private ChildMetadata() {}

  /**
   * Puts them on a rendered object, not on the template of its pods: that is the one of the start.
   *
   * @return the same object
   */
  public static <T extends HasMetadata> T put(T object, ChildMetadataSpec metadata) {
    if (metadata.labels().isEmpty() && metadata.annotations().isEmpty()) {
      return object;
    }
    ObjectMeta meta = object.getMetadata();
    put(meta, metadata);
    if (meta.getAnnotations() == null) {
      meta.setAnnotations(new LinkedHashMap<>());
    }
    meta.getAnnotations().put(Labels.GIVEN, given(metadata));
    return Json.stamped(object);
  }

  private static String given(ChildMetadataSpec metadata) {
    return Stream.concat(
            metadata.labels().keySet().stream().sorted().map(key -> "label:" + key),
            metadata.annotations().keySet().stream().sorted().map(key -> "annotation:" + key))
        .collect(Collectors.joining(" "));
  }

  /** Puts them beside what is there. */
  static void put(ObjectMeta meta, ChildMetadataSpec metadata) {
    if (!metadata.labels().isEmpty()) {
      meta.setLabels(under(metadata.labels(), meta.getLabels()));
    }
    if (!metadata.annotations().isEmpty()) {
      meta.setAnnotations(under(metadata.annotations(), meta.getAnnotations()));
    }
  }

  private static Map<String, String> under(Map<String, String> users, Map<String, String> own) {
    var all = new LinkedHashMap<>(users);
    if (own != null) {
      all.putAll(own);
    }
    return all;
  }
}
