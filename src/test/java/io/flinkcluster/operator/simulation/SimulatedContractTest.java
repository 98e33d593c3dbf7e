package io.flinkcluster.operator.simulation;

import io.flinkcluster.operator.contract.FlinkContract;
import io.flinkcluster.operator.contract.FlinkContract.End;
import io.flinkcluster.operator.contract.FlinkUnderTest;
import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The JobManagers of the simulated world answer as real ones do. */
class SimulatedContractTest {

  @TestFactory
  Stream<DynamicTest> aJobThatIsCancelled() {
    return FlinkContract.cases(new Simulated(SampleCluster.STATEFUL), End.CANCELLED);
  }

  @TestFactory
  Stream<DynamicTest> aJobOfTheAdaptiveSchedulerThatIsStopped() {
    String adaptive = SampleCluster.STATEFUL + "rescale: {mode: InPlace}\n";
    return FlinkContract.cases(new Simulated(adaptive), End.STOPPED_WITH_SAVEPOINT);
  }

  private static final class Simulated implements FlinkUnderTest {
    private final World world = new World();
    private final FlinkRest rest;
    private final SimulatedJobManager jobManager;

    Simulated(String spec) {
      world.beginOperator();
      Lifecycle.running(spec).accept(world);
      jobManager = world.flink.jobManagers().get(0);
      // Nobody does anything about what becomes of the job.
      world.operator().die();
      rest = new FlinkPort(world, new OperatorProcess(world, "contract", Seams.NONE));
    }

    @Override
    public FlinkRest rest() {
      return rest;
    }

    @Override
    public Address address() {
      return new Address(jobManager.ip, 8081);
    }

    @Override
    public String job() {
      return jobManager.job.orElseThrow().id;
    }

    @Override
    public boolean adaptive() {
      return jobManager.job.orElseThrow().adaptive;
    }

    @Override
    public String directory() {
      return "s3://bucket/savepoints";
    }

    @Override
    public void whereSavepointsFail(UnaryOperator<String> act) {
      world.flink.savepoints = SimulatedFlink.Savepoints.FAIL;
      act.apply(directory());
      world.flink.savepoints = SimulatedFlink.Savepoints.COMPLETE;
    }

    @Override
    public boolean comesTo(BooleanSupplier end) {
      return world.until(end, 60_000);
    }
  }
}
