package io.flinkcluster.operator.flinkrest;

import java.util.List;

/**
 * What the names of the metrics of a vertex tell of its sources.
 *
 * @param pendingRecords names of those that count the records waiting at them; empty: not a source,
 *     or one that does not count
 * @param partitions of Kafka topics of which its tasks have reported a metric by now, of the source
 *     with most of them: Flink's Kafka connector registers {@code
 *     KafkaSourceReader.topic.T.partition.N.currentOffset} for each partition that a task was
 *     given; 0: none
 */
public record SourceMetrics(List<String> pendingRecords, int partitions) {

  /** Copies the list. */
  public SourceMetrics {
    pendingRecords = List.copyOf(pendingRecords);
  }
}
