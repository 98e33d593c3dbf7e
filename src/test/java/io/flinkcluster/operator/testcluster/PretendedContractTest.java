package io.flinkcluster.operator.testcluster;

import io.flinkcluster.operator.contract.FlinkContract;
import io.flinkcluster.operator.contract.FlinkContract.End;
import io.flinkcluster.operator.contract.FlinkUnderTest;
import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.flinkrest.HttpFlinkRest;
import io.flinkcluster.operator.model.Ids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The JobManagers of the API server's tests answer as real ones do. */
class PretendedContractTest {
  private Pretended flink;

  @AfterEach
  void close() {
    flink.close();
  }

  @TestFactory
  Stream<DynamicTest> aJobThatIsCancelled() {
    flink = new Pretended("default");
    return FlinkContract.cases(flink, End.CANCELLED);
  }

  @TestFactory
  Stream<DynamicTest> aJobOfTheAdaptiveSchedulerThatIsStopped() {
    flink = new Pretended("adaptive");
    return FlinkContract.cases(flink, End.STOPPED_WITH_SAVEPOINT);
  }

  private static final class Pretended implements FlinkUnderTest, AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final FakeCluster cluster = new FakeCluster("pretended", timer, FlinkWitness.NONE);
    private final HttpFlinkRest rest = new HttpFlinkRest();
    private final JobManagerProcess jobManager;
    private final String scheduler;
    private final String job;
    private final int port = freePort();

    Pretended(String scheduler) {
      this.scheduler = scheduler;
      this.job = Ids.jobId(scheduler, 1);
      jobManager = new JobManagerProcess(process("jm", true), cluster);
      cluster.started(jobManager);
      cluster.started(process("tm", false));
    }

    private FlinkProcess process(String name, boolean application) {
      var options = new HashMap<String, String>();
      options.put("rest.port", String.valueOf(port));
      options.put("jobmanager.scheduler", scheduler);
      options.put("execution.checkpointing.interval", "1 s");
      options.put("execution.checkpointing.dir", "s3://bucket/checkpoints");
      return new FlinkProcess(
          name,
          "uid-" + name,
          "127.0.0.1",
          "pretended",
          "uid",
          1,
          application,
          application ? Optional.of(job) : Optional.empty(),
          Optional.empty(),
          List.of(),
          Map.copyOf(options));
    }

    private static int freePort() {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public FlinkRest rest() {
      return rest;
    }

    @Override
    public Address address() {
      return new Address("127.0.0.1", port);
    }

    @Override
    public String job() {
      return job;
    }

    @Override
    public boolean adaptive() {
      return scheduler.equals("adaptive");
    }

    @Override
    public String directory() {
      return "s3://bucket/savepoints";
    }

    @Override
    public void whereSavepointsFail(UnaryOperator<String> act) {
      cluster.savepoints(FakeCluster.Savepoints.FAIL);
      act.apply(directory());
      cluster.savepoints(FakeCluster.Savepoints.COMPLETE);
    }

    @Override
    public void close() {
      timer.shutdownNow();
      jobManager.close();
      rest.close();
    }
  }
}
