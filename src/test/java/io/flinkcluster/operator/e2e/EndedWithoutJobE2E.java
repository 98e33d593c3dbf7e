package io.flinkcluster.operator.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A main method that throws before it has submitted a job, or returns without one: told with its
 * cause, and not waited for. Flink 2.3 and 1.20 tell of the second in different ways. About 50 s
 * for each version.
 */
@EndToEnd
@ParameterizedClass
@ValueSource(strings = {"2.3", "1.20"})
class EndedWithoutJobE2E implements FullRunOnly.Versioned {
  private static final String THROWS =
      "{'spec': {'job': {'jarURI': 'local:///opt/flink/examples/streaming/WordCount.jar',"
          + " 'args': ['--execution-mode', 'FOO']}}}";
  private static final String RUNS =
      "{'spec': {'job': {'jarURI': 'local:///opt/flink/examples/streaming/TopSpeedWindowing.jar',"
          + " 'args': null}}}";

  /** On the class path of every Flink: it prints a line and returns. */
  private static final String RETURNS =
      "{'spec': {'job': {'entryClass': 'org.apache.logging.log4j.core.Version'}}}";

  private static final String NO_SUCH_CLASS =
      "{'spec': {'job': {'entryClass': 'com.example.NoSuchJob'}}}";

  /** Flink's own command line ends the JVM itself when it has printed its help. */
  private static final String EXITS =
      "{'spec': {'job': {'entryClass': 'org.apache.flink.client.cli.CliFrontend',"
          + " 'args': ['--help']}}}";

  /** The Python process ends with a code, as it does where the script throws. */
  private static final String PYTHON_FAILS =
      "{'spec': {'job': {'jarURI': 'local:///opt/flink/opt/flink-python-PATCH.jar',"
          + " 'entryClass': 'org.apache.flink.client.python.PythonDriver',"
          + " 'args': ['-pym', 'job', '-pyfs', '/opt/flink/examples']},"
          + " 'flinkConfiguration': {'python.client.executable': '/bin/false'}}}";

  @Parameter private String version;
  private E2eCluster cluster;
  private E2eNamespace space;

  @Override
  public String version() {
    return version;
  }

  @BeforeAll
  void find(E2eCluster found) {
    cluster = found;
  }

  @BeforeParameterizedClassInvocation
  void begin() {
    space = cluster.space("without-job");
  }

  @AfterParameterizedClassInvocation
  void leave() {
    space.close();
  }

  private ClusterUnderTest apply(String name, String change) {
    space.apply(Templates.merged(Templates.read("stateless", name, version), change));
    return space.subject(name);
  }

  private FlinkClusterStatus awaitStalled(ClusterUnderTest job, String cause) {
    FlinkClusterStatus status =
        job.await(
            "it is stalled",
            ClusterUnderTest.START,
            s -> s.operation() == null && ClusterUnderTest.isTrue(s, "Stalled"));
    assertThat(status.phase()).isEqualTo(Phase.Failed);
    assertThat(ClusterUnderTest.find(status, "Stalled").orElseThrow().message()).contains(cause);
    OperationRecord start = ClusterUnderTest.lastOperation(status);
    assertThat(start.type()).isEqualTo(OperationType.Start);
    assertThat(start.result()).isEqualTo(OperationResult.Failed);
    assertThat(start.message()).contains(cause);
    assertThat(status.operations()).as("one try").hasSize(1);
    return status;
  }

  /**
   * When its JobManager's REST API answered, as the startup probe asks it every second; the end of
   * its pod where the failure was told before the probe asked.
   */
  private Instant answers(String name) {
    ClusterUnderTest job = space.subject(name);
    return await("its JobManager answers")
        .atMost(ClusterUnderTest.START)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () ->
                space.pods(name, "jobmanager").stream().anyMatch(EndedWithoutJobE2E::started)
                        || (job.status() != null
                            && ClusterUnderTest.isTrue(job.status(), "Stalled"))
                    ? Instant.now()
                    : null,
            moment -> moment != null);
  }

  private static boolean started(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .anyMatch(c -> Boolean.TRUE.equals(c.getStarted()));
  }

  @Test
  @Order(1)
  void aFirstStartWhoseMainMethodThrowsIsStalledWithTheCauseUntilTheSpecChanges() {
    ClusterUnderTest job = apply("throws", THROWS);
    Instant answered = answers("throws");
    FlinkClusterStatus status = awaitStalled(job, "FOO");
    System.out.printf(
        "Flink %s: from the first answer of the JobManager to the named failure at most %d ms%n",
        version, Duration.between(answered, Instant.now()).toMillis());
    assertThat(status.operations().get(0).message()).contains("main method caused an error");
    assertThat(space.kubectl().ok("get", "events", "-o", "jsonpath={..message}")).contains("FOO");
    job.patch(RUNS);
    job.awaitReady();
  }

  @Test
  @Order(2)
  void aChangeToAMainMethodThatThrowsIsRolledBackAtOnce() {
    ClusterUnderTest job = space.subject("throws");
    job.patch(THROWS);
    FlinkClusterStatus status =
        job.await(
            "the change is rolled back",
            ClusterUnderTest.START,
            s -> s.operation() == null && ClusterUnderTest.isTrue(s, "Stalled"));
    OperationRecord back = status.operations().get(0);
    OperationRecord failed = status.operations().get(1);
    assertThat(failed.result()).isEqualTo(OperationResult.RolledBack);
    assertThat(failed.message()).contains("FOO");
    assertThat(back.type()).isEqualTo(OperationType.Rollback);
    assertThat(back.result()).isEqualTo(OperationResult.Succeeded);
    System.out.printf(
        "Flink %s: downtime of a change whose main method throws %s: %s, then %s%n",
        version, back.downtime(), failed.steps(), back.steps());
    space.kubectl().ok("delete", "flc", "throws", "--wait=false");
  }

  @Test
  @Order(3)
  void aMainMethodThatReturnsWithoutAJobIsToldAsSuch() {
    ClusterUnderTest job = apply("returns", RETURNS);
    awaitStalled(
        job,
        version.equals("2.3")
            ? "returned without submitting a job"
            : "The application contains no execute() calls");
  }

  /** Side by side. */
  @Test
  @Order(4)
  @FullRunOnly
  void whateverEndsTheMainMethodIsToldWithItsCause() {
    ClusterUnderTest missing = apply("missing", NO_SUCH_CLASS);
    ClusterUnderTest exits = apply("exits", EXITS);
    String patch = version.equals("2.3") ? "2.3.0" : "1.20.5";
    ClusterUnderTest python = apply("python", PYTHON_FAILS.replace("PATCH", patch));
    awaitStalled(missing, "com.example.NoSuchJob");
    awaitStalled(python, "Python process");
    // It may have given up for want of something outside: it is tried again, and says so.
    exits.awaitCondition("Ready", ClusterUnderTest.START, "JobManagerLost", "System.exit");
  }
}
