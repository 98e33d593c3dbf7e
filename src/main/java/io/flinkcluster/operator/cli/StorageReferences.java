package io.flinkcluster.operator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.ObjectOwner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What Kubernetes knows of a cluster's state in storage. Read as text: whatever names a start or a
 * snapshot counts, in whichever field, so that a field that comes later is not forgotten.
 *
 * @param last epoch of the last start, from 1
 * @param starts epochs of starts that are named, or have objects
 * @param snapshots paths of checkpoints and savepoints that the cluster itself names: what another
 *     one has taken since it started from here is made of files of its own (claim mode NO_CLAIM)
 */
record StorageReferences(long last, Set<Long> starts, Set<String> snapshots) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAME = "/(chk-[0-9]+|savepoint-[^/\\s\"']+)";
  private static final Pattern WHOLE = Pattern.compile("[a-z][a-z0-9+.-]*:/.*" + NAME + "/*");
  private static final Pattern WITHIN = Pattern.compile("[a-z][a-z0-9+.-]*:/[^\\s\"']*" + NAME);
  private static final Pattern EPOCH = Pattern.compile("[1-9][0-9]{0,17}");

  /**
   * Reads them.
   *
   * @param cluster that has been started
   * @param objects of the cluster
   * @param others FlinkClusters that may start from its state
   */
  static StorageReferences of(
      FlinkCluster cluster,
      Collection<? extends HasMetadata> objects,
      Collection<FlinkCluster> others) {
    var own = new ArrayList<JsonNode>();
    own.add(tree(cluster));
    objects.forEach(object -> own.add(tree(object)));
    var all = new ArrayList<>(own);
    others.forEach(other -> all.add(tree(other)));
    var starts = new TreeSet<Long>();
    var snapshots = new TreeSet<String>();
    epochs(own.get(0).path("status"), starts);
    objects.forEach(object -> ObjectOwner.epoch(object).ifPresent(starts::add));
    long last = starts.isEmpty() ? 0 : starts.last();
    String text = all.toString();
    String uid = cluster.getMetadata().getUid();
    for (long epoch = 1; epoch <= last; epoch++) {
      if (text.contains(Ids.jobId(uid, epoch))) {
        starts.add(epoch);
      }
    }
    recovery(cluster).matcher(text).results().forEach(id -> starts.add(Long.valueOf(id.group(1))));
    own.forEach(tree -> snapshots(tree, snapshots));
    return new StorageReferences(last, starts, snapshots);
  }

  /** Cluster ids of Flink's own high availability. */
  private static Pattern recovery(FlinkCluster cluster) {
    var meta = cluster.getMetadata();
    String ids =
        new ClusterNames(meta.getNamespace(), meta.getName()).highAvailabilityOf(meta.getUid());
    return Pattern.compile(Pattern.quote(ids) + "([1-9][0-9]{0,17})");
  }

  /**
   * Without what only tells what was: of operations that have ended, conditions, and which job
   * wrote a savepoint, which needs no file but its own, or those that its metadata names.
   */
  private static ObjectNode tree(HasMetadata object) {
    ObjectNode tree = JSON.valueToTree(object);
    ((ObjectNode) tree.path("metadata")).remove("managedFields");
    if (object instanceof FlinkCluster && tree.path("status") instanceof ObjectNode status) {
      status.remove(List.of("operations", "conditions", "autoscaling"));
      status.path("savepoints").forEach(savepoint -> ((ObjectNode) savepoint).remove("jobId"));
    }
    return tree;
  }

  /** Those of starts: of the present one, the last that was stable, and the one that is made. */
  private static void epochs(JsonNode status, Set<Long> epochs) {
    for (String part : List.of("launch", "lastStable", "operation")) {
      JsonNode epoch = status.path(part).path("epoch");
      if (EPOCH.matcher(epoch.asText()).matches()) {
        epochs.add(epoch.asLong());
      }
    }
  }

  private static void snapshots(JsonNode tree, Set<String> found) {
    if (tree.isTextual() && WHOLE.matcher(tree.asText()).matches()) {
      found.add(tree.asText().replaceFirst("/+$", ""));
    } else if (tree.isTextual()) {
      WITHIN.matcher(tree.asText()).results().forEach(path -> found.add(path.group()));
    }
    tree.forEach(child -> snapshots(child, found));
  }
}
