package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.cli.Main;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The kubectl plugin against a real API server with the operator at work. About ten seconds a test,
 * most of which are starts of the pretended Flink.
 */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class CommandLineIT {
  private final ClusterFixture scene;

  @TempDir private Path directory;

  CommandLineIT(ApiServer server) {
    scene = ClusterFixture.in(server, "commandline");
  }

  @AfterEach
  void leave() {
    scene.close();
  }

  private record Said(int code, String out, String err) {
    JsonNode json() {
      try {
        return new ObjectMapper().readTree(out);
      } catch (IOException e) {
        throw new AssertionError(out, e);
      }
    }
  }

  private Said run(String command, String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    var kubectl = scene.namespace.kubectl();
    var all = new ArrayList<>(List.of(command));
    all.add("--kubeconfig=" + kubectl.kubeconfig());
    all.add("--namespace=" + scene.namespace.name());
    if (command.equals("plan")) {
      all.add("--kubectl=" + kubectl.program());
    }
    all.addAll(List.of(arguments));
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
    return new Said(code, out.toString(), err.toString());
  }

  private Path manifest(String more) throws IOException {
    return Files.writeString(
        directory.resolve("a.yaml"),
        """
        apiVersion: flinkcluster.io/v1
        kind: FlinkCluster
        metadata:
          name: a
        spec:
          flinkVersion: "2.3"
          image: flink:2.3
          job: {jarURI: "local:///opt/flink/examples/streaming/TopSpeedWindowing.jar"}
          storage: {baseURI: "s3://bucket/flink", checkpointInterval: 10s}
        """
            + more.indent(2));
  }

  @Test
  void whatIsPlannedIsWhatIsDone() throws IOException {
    Path file = manifest("taskManager: {replicas: 2}");
    JsonNode first = run("plan", "-f", file.toString(), "-o", "json").json();
    assertThat(first.path("change").asText()).isEqualTo("Start");
    scene.apply("taskManager: {replicas: 2}");
    scene.awaitReady();
    assertThat(run("plan", "-f", file.toString()).out()).contains("nothing differs");

    file = manifest("taskManager: {replicas: 3}");
    JsonNode plan = run("plan", "-f", file.toString(), "-o", "json").json();
    assertThat(plan.path("change").asText()).isEqualTo("Rescale");
    assertThat(plan.path("because").path(0).asText()).contains("2 → 3");
    assertThat(plan.path("jobStops").asBoolean()).isTrue();
    List<String> planned = plan.path("steps").findValuesAsText("name");

    Said done = run("rescale", "a", "--replicas=3", "-o", "json");
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.json().path("succeeded").asBoolean()).isTrue();
    assertThat(done.json().path("operation").path("steps").findValuesAsText("name"))
        .isEqualTo(planned);
    assertThat(done.err()).contains("Rescale: ");

    Said again = run("plan", "-f", manifest("taskManager: {replicas: 1}").toString());
    assertThat(again.out()).contains("measured in the Rescale that ended at");
    scene.assertStateNeverLost();
  }

  @Test
  void aSavepointIsTakenAndItsPathPrinted() throws IOException {
    scene.apply("");
    scene.awaitReady();
    Said savepoint = run("savepoint", "a");
    assertThat(savepoint.code()).as(savepoint.err()).isZero();
    assertThat(savepoint.out().strip()).startsWith("s3://bucket/flink/").contains("savepoint-");
    assertThat(run("history", "a").out()).contains("Savepoint", "Succeeded");

    Said suspended = run("suspend", "a");
    assertThat(suspended.code()).as(suspended.out() + suspended.err()).isZero();
    assertThat(run("status", "a").out()).contains("Suspended", "kubectl flinkcluster resume a");
    Said plan = run("plan", "-f", manifest("suspend: false").toString());
    assertThat(plan.out()).contains("Resume", "Savepoint s3://bucket/flink/");
    Said resumed = run("resume", "a");
    assertThat(resumed.code()).as(resumed.out() + resumed.err()).isZero();
    assertThat(run("status", "a").out()).contains("Running, ready", "RUNNING", "safe: ");
    scene.assertStateNeverLost();
  }

  @Test
  void aChangeThatIsHeldUpIsExplainedAndTheWaitEnds() {
    scene.apply("");
    scene.awaitReady();
    scene.holdBack(2);
    Said waited = run("rescale", "a", "--replicas=2", "--timeout=1s");
    assertThat(waited.code()).isEqualTo(4);
    scene.awaitStage(OperationStage.Preparing);
    Said status = run("status", "a", "--rules");
    assertThat(status.out())
        .contains("Changing: Rescale, Preparing", "taskManager.replicas 1 → 2")
        .contains("the job is stopped as soon as the new pods are up")
        .contains("WaitForPods");
    Said doctor = run("doctor", "a");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(doctor.out()).contains("no operator was found");
  }

  /** The pretended kubelet keeps no logs, so that the answer of the pod is not seen here. */
  @Test
  void whoAsksForWhatStartsLeftMakesAPodThatKnowsWhatStays() {
    scene.apply("suspend: true");
    scene.await("suspended", s -> s.phase() == Phase.Suspended);
    assertThat(run("storage", "a").err()).contains("has never been started");
    scene.apply("suspend: false");
    scene.awaitReady();
    assertThat(run("storage", "a").err()).contains("name its image by --image");
    assertThat(run("storage", "a", "--older-than=soon").code()).isEqualTo(2);
    scene.patch("{'spec': {'job': {'initialSavepoint': 'hdfs://elsewhere/savepoint-1'}}}");
    assertThat(run("storage", "a", "--image=operator:1").err())
        .contains("hdfs://elsewhere/savepoint-1 cannot be looked at");
    scene.patch("{'spec': {'job': {'initialSavepoint': null}}}");
    scene.awaitReady();

    assertThat(run("storage", "a", "--image=operator:1", "--delete").code()).isEqualTo(3);

    assertThat(scene.kubelet.done())
        .singleElement()
        .asInstanceOf(InstanceOfAssertFactories.list(String.class))
        .containsSequence("--starts", "1", "--checkpoints")
        .containsSequence("--keep", "1")
        .containsSequence("--older-than", "PT24H", "--delete", "true");
    assertThat(scene.namespace.kubectl().ok("get", "pods", "-o", "name")).doesNotContain("storage");
    scene.holdBack(2);
    run("rescale", "a", "--replicas=2", "--no-wait");
    scene.awaitStage(OperationStage.Preparing);
    Said refused = run("storage", "a", "--image=operator:1", "--delete");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err()).contains("an operation is under way");
  }

  @Test
  void whatIsWrongIsSaidWithAnExitCode() throws IOException {
    assertThat(run("status", "nobody").code()).isEqualTo(3);
    assertThat(run("savepoint").code()).isEqualTo(2);
    assertThat(run("rescale", "nobody").code()).isEqualTo(2);
    Said refused = run("plan", "-f", manifest("taskManager: {replicas: 0}").toString());
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err()).contains("at least one TaskManager");
    Said option = run("plan", "-f", manifest("flinkConfiguration: {rest.port: '1'}").toString());
    assertThat(option.code()).isEqualTo(1);
    assertThat(option.out()).contains("Refused", "spec.ports.rest");
  }

  @Test
  void whatIsImportedIsAcceptedByTheApiServer() throws IOException {
    try (var files = Files.list(Path.of("src/test/resources/import"))) {
      for (Path file : files.sorted().toList()) {
        var out = new StringWriter();
        Main.run(
            new PrintWriter(out),
            new PrintWriter(new StringWriter()),
            "import",
            "-f",
            file.toString());
        String manifest = out.toString().replaceAll("(?m)^  namespace: .*\n", "");
        var applied =
            scene
                .namespace
                .kubectl()
                .runWithInput(
                    manifest,
                    "apply",
                    "--server-side",
                    "--dry-run=server",
                    "--validate=strict",
                    "-f",
                    "-");
        assertThat(applied.code()).as("%s\n%s\n%s", file, manifest, applied.output()).isZero();
      }
    }
  }
}
