package io.flinkcluster.operator.apply;

import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.ClusterNames;
import java.util.stream.LongStream;

/**
 * The ids under which Flink keeps the high availability data of the starts of one cluster. All of
 * them are known by what they begin with, also those of starts that the status has forgotten.
 *
 * @param cluster whose
 */
record HighAvailabilityIds(ClusterKey cluster) {

  /** The start that an id is of; empty: of no start of this cluster, or null. */
  LongStream epoch(String id) {
    String prefix =
        new ClusterNames(cluster.namespace(), cluster.name()).highAvailabilityOf(cluster.uid());
    boolean own =
        id != null && id.startsWith(prefix) && id.substring(prefix.length()).matches("[0-9]{1,18}");
    return own ? LongStream.of(Long.parseLong(id.substring(prefix.length()))) : LongStream.empty();
  }

  /** Whether an id is of this start or an earlier one. */
  boolean isUpTo(String id, long newest) {
    return epoch(id).anyMatch(e -> e <= newest);
  }
}
