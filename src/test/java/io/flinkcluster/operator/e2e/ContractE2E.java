package io.flinkcluster.operator.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.flinkcluster.operator.contract.FlinkContract;
import io.flinkcluster.operator.contract.FlinkContract.End;
import io.flinkcluster.operator.contract.FlinkUnderTest;
import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.flinkrest.HttpFlinkRest;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the pretended JobManagers promise holds of those in pods. Flink 2.3 is also asked in each
 * run of the unit tests. About a minute for each version.
 */
@EndToEnd
@ParameterizedClass
@ValueSource(strings = {"2.3", "1.20"})
class ContractE2E {
  @Parameter private String version;
  private E2eCluster cluster;
  private E2eNamespace space;
  private HttpFlinkRest rest;

  @BeforeAll
  void find(E2eCluster found) {
    cluster = found;
  }

  @BeforeParameterizedClassInvocation
  void begin() {
    space = cluster.space("contract");
    rest = new HttpFlinkRest();
  }

  @AfterParameterizedClassInvocation
  void leave() {
    rest.close();
    space.close();
  }

  @TestFactory
  @Order(1)
  Stream<DynamicTest> aJobThatIsCancelled() {
    return contract("cancelled", "{}", End.CANCELLED);
  }

  @TestFactory
  @Order(2)
  Stream<DynamicTest> aJobOfTheAdaptiveSchedulerThatIsStopped() {
    return contract(
        "stopped", "{'spec': {'rescale': {'mode': 'InPlace'}}}", End.STOPPED_WITH_SAVEPOINT);
  }

  private Stream<DynamicTest> contract(String name, String change, End end) {
    space.apply(
        Templates.firstExample(version)
            .replace("name: top-speed", "name: " + name)
            .replace("flink-state", name + "-state"));
    ClusterUnderTest job = space.subject(name);
    job.patch(change);
    String id = job.awaitReady().job().id();
    // Nobody does anything about what becomes of the job.
    space.kubectl().ok("annotate", "flc", name, "flinkcluster.io/pause=true");
    Pod pod = job.pod("jobmanager");
    LocalPortForward forward =
        space
            .client()
            .pods()
            .inNamespace(space.name())
            .withName(pod.getMetadata().getName())
            .portForward(8081);
    var flink =
        new InPod(
            rest,
            new Address("127.0.0.1", forward.getLocalPort()),
            id,
            end == End.STOPPED_WITH_SAVEPOINT,
            "file:///" + name + "-state/contract");
    return FlinkContract.cases(flink, end);
  }

  private record InPod(
      FlinkRest rest, Address address, String job, boolean adaptive, String directory)
      implements FlinkUnderTest {

    @Override
    public void whereSavepointsFail(UnaryOperator<String> act) {
      act.apply("file:///proc/nowhere");
    }
  }
}
