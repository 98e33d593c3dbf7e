package io.flinkcluster.operator.e2e.exactlyonce;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Prints how many records the {@link KafkaJob} has not read yet, in Kafka's own words. */
public final class GroupLag {
  private GroupLag() {}

  /**
   * Prints {@code TOPIC RECORDS} for each topic that the group has read.
   *
   * @param args bootstrap servers
   */
  public static void main(String[] args) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
      Map<TopicPartition, OffsetAndMetadata> read =
          admin.listConsumerGroupOffsets(KafkaJob.GROUP).partitionsToOffsetAndMetadata().get();
      Map<TopicPartition, ListOffsetsResultInfo> ends =
          admin
              .listOffsets(
                  read.keySet().stream()
                      .collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
              .all()
              .get();
      var lags = new HashMap<String, Long>();
      read.forEach(
          (partition, offset) ->
              lags.merge(
                  partition.topic(), ends.get(partition).offset() - offset.offset(), Long::sum));
      lags.forEach((topic, lag) -> System.out.println(topic + " " + lag));
    }
  }
}
