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
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Counts and writes as the {@link VerifyingJob} does, and reads from Kafka: a partition is a split,
 * an offset is a number. Each record costs a while.
 */
public final class KafkaJob {
  private KafkaJob() {}

  /**
   * Runs it.
   *
   * @param args bootstrap servers; topic; milliseconds that a record costs; directory of the output
   */
  public static void main(String[] args) throws Exception {
    var environment = StreamExecutionEnvironment.getExecutionEnvironment();
    KafkaSource<Tuple3<Integer, Long, byte[]>> source =
        KafkaSource.<Tuple3<Integer, Long, byte[]>>builder()
            .setBootstrapServers(args[0])
            .setTopics(args[1])
            .setGroupId("kafka-job")
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setDeserializer(new Numbering())
            .build();
    environment
        .fromSource(source, WatermarkStrategy.noWatermarks(), "kafka")
        .uid("kafka")
        .keyBy(read -> Counting.key(Tuple2.of(read.f0, read.f1)), Types.STRING)
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

  /** Says which record it is, and passes its bytes on as they are. */
  private static final class Numbering
      implements KafkaRecordDeserializationSchema<Tuple3<Integer, Long, byte[]>> {
    private static final long serialVersionUID = 1L;

    @Override
    public void deserialize(
        ConsumerRecord<byte[], byte[]> read, Collector<Tuple3<Integer, Long, byte[]>> out) {
      out.collect(Tuple3.of(read.partition(), read.offset(), read.value()));
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
