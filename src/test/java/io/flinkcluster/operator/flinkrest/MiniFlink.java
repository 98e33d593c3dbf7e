package io.flinkcluster.operator.flinkrest;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.slf4j.LoggerFactory;

/** JobManager, TaskManager and REST endpoint of the released Flink 2.3, in this process. */
final class MiniFlink {
  private static final AtomicBoolean FAIL_ONCE = new AtomicBoolean(true);

  private final MiniCluster flink;
  private final Path directory;
  final Address address;
  final HttpFlinkRest rest = new HttpFlinkRest();

  /**
   * Starts it.
   *
   * @param directory for checkpoints
   * @param options over those of this test
   */
  MiniFlink(Path directory, Map<String, String> options) throws Exception {
    this.directory = directory;
    for (String noisy : List.of("org.apache.flink", "org.apache.pekko")) {
      ((Logger) LoggerFactory.getLogger(noisy)).setLevel(Level.OFF);
    }
    var configuration = new Configuration();
    // Nowhere the machine's own name, which need not be known to it.
    for (String host :
        List.of("jobmanager.rpc.address", "jobmanager.bind-host", "taskmanager.host")) {
      configuration.setString(host, "127.0.0.1");
    }
    configuration.setString("rest.bind-port", "0");
    configuration.setString("rest.address", "127.0.0.1");
    configuration.setString("rest.bind-address", "127.0.0.1");
    configuration.setString("execution.buffer-timeout.interval", "7 ms");
    configuration.setString("web.refresh-interval", "200");
    configuration.setString("rest.cache.checkpoint-statistics.timeout", "200 ms");
    configuration.setString("metrics.fetcher.update-interval", "200");
    // Little is in flight, so that a barrier is not long behind the slow records before it.
    configuration.setString("taskmanager.memory.segment-size", "4kb");
    configuration.setString("taskmanager.memory.managed.size", "8m");
    configuration.setString("taskmanager.memory.network.max", "32m");
    options.forEach(configuration::setString);
    flink =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setCommonBindAddress("127.0.0.1")
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(3)
                .build());
    flink.start();
    var uri = flink.getRestAddress().get(30, TimeUnit.SECONDS);
    address = new Address(uri.getHost(), uri.getPort());
  }

  /**
   * Runs a job under this id.
   *
   * @param fails whether it fails once, and is restarted
   */
  void submit(String id, int parallelism, boolean fails) throws Exception {
    var configuration = new Configuration();
    configuration.setString("execution.checkpointing.interval", "200 ms");
    configuration.setString("execution.checkpointing.dir", directory.toUri() + "checkpoints");
    configuration.setString("execution.checkpointing.num-retained", "3");
    configuration.setString(
        "execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
    configuration.setString("restart-strategy.type", "fixed-delay");
    configuration.setString("restart-strategy.fixed-delay.delay", "10 ms");
    var environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.setParallelism(parallelism).setMaxParallelism(64);
    environment
        .fromSequence(0, Long.MAX_VALUE)
        .rebalance()
        .map(new Slowly(fails))
        .name("slow map")
        .sinkTo(new DiscardingSink<>());
    var graph = environment.getStreamGraph().getJobGraph();
    graph.setJobID(JobID.fromHexString(id));
    flink.submitJob(graph).get(30, TimeUnit.SECONDS);
  }

  /** Lets go of it; one whose job could not write the savepoint of a stop never ends by itself. */
  void close() throws Exception {
    rest.close();
    try {
      flink.closeAsync().get(5, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      LoggerFactory.getLogger(MiniFlink.class).info("Flink is left to end with this process");
    }
  }

  /** Takes a millisecond for a record and fails once, for the sake of the exceptions. */
  static final class Slowly implements MapFunction<Long, Long> {
    private static final long serialVersionUID = 1L;
    private final boolean fails;

    Slowly(boolean fails) {
      this.fails = fails;
    }

    @Override
    public Long map(Long value) {
      if (fails && FAIL_ONCE.getAndSet(false)) {
        throw new IllegalStateException("no luck with password=hunter2");
      }
      LockSupport.parkNanos(1_000_000);
      return value;
    }
  }
}
