package io.flinkcluster.operator.e2e.exactlyonce;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Counts and writes as the {@link VerifyingJob} does, and reads from Kafka: a partition is a split,
 * an offset is a number. Each record costs a while. Of further topics the partitions are further
 * splits.
 */
public final class KafkaJob {
  /** The consumer group to which it tells what it has read. */
  static final String GROUP = "kafka-job";

  private KafkaJob() {}

  /**
   * Runs it.
   *
   * @param args bootstrap servers; topics, with commas between them; milliseconds that a record
   *     costs; directory of the output
   */
  public static void main(String[] args) throws Exception {
    var environment = StreamExecutionEnvironment.getExecutionEnvironment();
    String[] topics = args[1].split(",");
    var read = source(environment, args[0], topics[0], 0);
    for (int i = 1; i < topics.length; i++) {
      read = read.union(source(environment, args[0], topics[i], i * Numbers.SPLITS));
    }
    read.keyBy(one -> Counting.key(Tuple2.of(one.f0, one.f1)), Types.STRING)
        .map(new Work(Long.parseLong(args[2])))
        .returns(Types.TUPLE(Types.INT, Types.LONG))
        .name("work")
        .uid("work")
        .keyBy(Counting::key, Types.STRING)
        .process(new Counting(args[3]))
        .returns(Types.STRING)
        .uid("counting")
        .sinkTo(new CommittedFiles(args[3]))
        .uid("files");
    environment.execute("from Kafka");
  }

  private static DataStream<Tuple3<Integer, Long, byte[]>> source(
      StreamExecutionEnvironment environment, String servers, String topic, int firstSplit) {
    KafkaSource<Tuple3<Integer, Long, byte[]>> source =
        KafkaSource.<Tuple3<Integer, Long, byte[]>>builder()
            .setBootstrapServers(servers)
            .setTopics(topic)
            .setGroupId(GROUP)
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setDeserializer(new Numbering(firstSplit))
            .build();
    return environment.fromSource(source, WatermarkStrategy.noWatermarks(), topic).uid(topic);
  }

  /** Says which record it is, and passes its bytes on as they are. */
  private record Numbering(int firstSplit)
      implements KafkaRecordDeserializationSchema<Tuple3<Integer, Long, byte[]>> {
    @Override
    public void deserialize(
        ConsumerRecord<byte[], byte[]> read, Collector<Tuple3<Integer, Long, byte[]>> out) {
      out.collect(Tuple3.of(firstSplit + read.partition(), read.offset(), read.value()));
    }

    @Override
    public TypeInformation<Tuple3<Integer, Long, byte[]>> getProducedType() {
      return Types.TUPLE(Types.INT, Types.LONG, Types.PRIMITIVE_ARRAY(Types.BYTE));
    }
  }

  /** Takes its time, as a call of another system does. */
  private record Work(long millis)
      implements MapFunction<Tuple3<Integer, Long, byte[]>, Tuple2<Integer, Long>> {
    @Override
    public Tuple2<Integer, Long> map(Tuple3<Integer, Long, byte[]> read)
        throws InterruptedException {
      Thread.sleep(millis);
      return Tuple2.of(read.f0, read.f1);
    }
  }
}
