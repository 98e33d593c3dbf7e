package io.flinkcluster.operator.e2e.exactlyonce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends records to a topic of as many partitions as there are splits, at a rate that a file says.
 */
public final class Feeding {
  /** Large ones: few of them wait in Flink's buffers. */
  private static final int BYTES = 4096;

  private static final int TICKS = 10; // a second

  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final Path rate;
  private double owed;
  private int partition;

  private Feeding(KafkaProducer<byte[], byte[]> producer, String topic, Path rate) {
    this.producer = producer;
    this.topic = topic;
    this.rate = rate;
  }

  /**
   * Runs for ever.
   *
   * @param args bootstrap servers; topic; file with the records per second
   */
  public static void main(String[] args) throws Exception {
    Map<String, Object> server = Map.of("bootstrap.servers", args[0]);
    try (Admin admin = Admin.create(server)) {
      admin.createTopics(List.of(new NewTopic(args[1], Numbers.SPLITS, (short) 1))).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
    var producer =
        new KafkaProducer<>(server, new ByteArraySerializer(), new ByteArraySerializer());
    var feeding = new Feeding(producer, args[1], Path.of(args[2]));
    Executors.newSingleThreadScheduledExecutor()
        .scheduleAtFixedRate(feeding::tick, 0, 1000 / TICKS, TimeUnit.MILLISECONDS)
        .get();
  }

  private void tick() {
    owed += perSecond() / TICKS;
    while (owed >= 1) {
      owed--;
      partition = (partition + 1) % Numbers.SPLITS;
      producer.send(new ProducerRecord<>(topic, partition, null, new byte[BYTES]));
    }
  }

  /** None while there is no such file, or while it is being written. */
  private double perSecond() {
    try {
      return Double.parseDouble(Files.readString(rate).strip());
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
