package io.flinkcluster.operator;

import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Labels;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which updates of a FlinkCluster deserve a look: a new generation, deletion, our finalizer coming
 * or going, one of our annotations changing, or another object of the same name. Not a change of
 * status, whose only writer is the operator itself, nor of labels and foreign annotations.
 *
 * <p>The SDK's own filter by generation would miss the annotations: they do not raise it.
 */
final class SpecChanges implements OnUpdateFilter<FlinkCluster> {

  private static final String OURS = FlinkCluster.GROUP + "/";

  @Override
  public boolean accept(FlinkCluster now, FlinkCluster before) {
    var meta = now.getMetadata();
    var old = before.getMetadata();
    return !Objects.equals(meta.getUid(), old.getUid())
        || !Objects.equals(meta.getGeneration(), old.getGeneration())
        || !Objects.equals(meta.getDeletionTimestamp(), old.getDeletionTimestamp())
        || now.hasFinalizer(Labels.FINALIZER) != before.hasFinalizer(Labels.FINALIZER)
        || !ours(meta.getAnnotations()).equals(ours(old.getAnnotations()));
  }

  private static Map<String, String> ours(Map<String, String> annotations) {
    var ours = new TreeMap<String, String>();
    if (annotations != null) {
      annotations.forEach(
          (key, value) -> {
            if (key.startsWith(OURS)) {
              ours.put(key, value);
            }
          });
    }
    return ours;
  }
}
