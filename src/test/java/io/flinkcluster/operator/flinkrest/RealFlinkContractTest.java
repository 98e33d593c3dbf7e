package io.flinkcluster.operator.flinkrest;

import io.flinkcluster.operator.contract.FlinkContract;
import io.flinkcluster.operator.contract.FlinkContract.End;
import io.flinkcluster.operator.contract.FlinkUnderTest;
import io.flinkcluster.operator.model.Ids;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Flink 2.3 itself, in this process. Its pods, and those of 1.20, are in ContractE2E. */
class RealFlinkContractTest {
  private static final String JOB = Ids.jobId("contract", 1);

  @TempDir Path directory;
  private MiniFlink flink;

  @AfterEach
  void close() throws Exception {
    flink.close();
  }

  @TestFactory
  Stream<DynamicTest> aJobThatIsCancelled() throws Exception {
    return FlinkContract.cases(running("Default"), End.CANCELLED);
  }

  @TestFactory
  Stream<DynamicTest> aJobOfTheAdaptiveSchedulerThatIsStopped() throws Exception {
    return FlinkContract.cases(running("Adaptive"), End.STOPPED_WITH_SAVEPOINT);
  }

  private FlinkUnderTest running(String scheduler) throws Exception {
    flink = new MiniFlink(directory, Map.of("jobmanager.scheduler", scheduler));
    flink.submit(JOB, 1, false);
    return new Real(flink, scheduler.equals("Adaptive"), directory.toUri() + "savepoints");
  }

  private record Real(MiniFlink flink, boolean adaptive, String directory)
      implements FlinkUnderTest {

    @Override
    public FlinkRest rest() {
      return flink.rest;
    }

    @Override
    public Address address() {
      return flink.address;
    }

    @Override
    public String job() {
      return JOB;
    }

    @Override
    public void whereSavepointsFail(UnaryOperator<String> act) {
      act.apply("file:///proc/nowhere");
    }
  }
}
