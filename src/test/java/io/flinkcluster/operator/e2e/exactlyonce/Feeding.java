package io.flinkcluster.operator.e2e.exactlyonce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * Sends records to topics, to each at the rate that a file of its own says: {@code 150} for all
 * partitions in turn, {@code 150 0} for that partition alone.
 */
public final class Feeding {
  /** Large ones: few of them wait in Flink's buffers. */
  private static final int BYTES = 4096;

  private static final int TICKS = 10; // a second

  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final int partitions;
  private final Path rate;
  private double owed;
  private int partition;

  private Feeding(KafkaProducer<byte[], byte[]> producer, String topic, int partitions, Path rate) {
    this.producer = producer;
    this.topic = topic;
    this.partitions = partitions;
    this.rate = rate;
  }

  /**
   * Runs for ever.
   *
   * @param args bootstrap servers; then for each topic its name, partitions, and the file with the
   *     records per second
   */
  public static void main(String[] args) throws Exception {
    Map<String, Object> server = Map.of("bootstrap.servers", args[0]);
    var producer =
        new KafkaProducer<>(server, new ByteArraySerializer(), new ByteArraySerializer());
    var all = new ArrayList<Feeding>();
    for (int i = 1; i < args.length; i += 3) {
      int partitions = Integer.parseInt(args[i + 1]);
      create(server, new NewTopic(args[i], partitions, (short) 1));
      all.add(new Feeding(producer, args[i], partitions, Path.of(args[i + 2])));
    }
    Executors.newSingleThreadScheduledExecutor()
        .scheduleAtFixedRate(
            () -> all.forEach(Feeding::tick), 0, 1000 / TICKS, TimeUnit.MILLISECONDS)
        .get();
  }

  private static void create(Map<String, Object> server, NewTopic topic) throws Exception {
    try (Admin admin = Admin.create(server)) {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private void tick() {
    String[] wanted = wanted();
    owed += Double.parseDouble(wanted[0]) / TICKS;
    while (owed >= 1) {
      owed--;
      partition = wanted.length > 1 ? Integer.parseInt(wanted[1]) : (partition + 1) % partitions;
      producer.send(new ProducerRecord<>(topic, partition, null, new byte[BYTES]));
    }
  }

  /** Nothing while there is no such file, or while it is being written. */
  private String[] wanted() {
    try {
      String text = Files.readString(rate).strip();
      return text.matches("\\d+( \\d+)?") ? text.split(" ") : new String[] {"0"};
    } catch (IOException e) {
      return new String[] {"0"};
    }
  }
}
