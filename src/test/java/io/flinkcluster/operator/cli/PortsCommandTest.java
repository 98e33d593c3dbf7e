package io.flinkcluster.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ports of a manifest, for whoever opens them by hand. */
class PortsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path directory;

  private int run(String more) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("a.yaml"),
            """
            apiVersion: flinkcluster.io/v1
            kind: FlinkCluster
            metadata: {name: a}
            spec:
              flinkVersion: "2.3"
              image: flink:2.3
              job: {jarURI: "local:///opt/flink/a.jar"}
              storage: {baseURI: "s3://bucket/flink", checkpointInterval: 10s}
            """
                + more.indent(2));
    return Main.run(
        new PrintWriter(out), new PrintWriter(err), "ports", "--filename=" + file.toString());
  }

  @Test
  void everyPortIsNamedWithWhoMustReachIt() throws IOException {
    assertThat(run("ports: {rest: 18081}")).isZero();
    assertThat(out.toString().stripTrailing())
        .isEqualTo(
            """
            TO           PORT       FROM                                FIXED BY
            JobManager   tcp/6123   JobManager, TaskManager             jobmanager.rpc.port
            JobManager   tcp/6124   JobManager, TaskManager             blob.server.port
            JobManager   tcp/6125   JobManager                          metrics.internal.query-service.port
            JobManager   tcp/18081  JobManager, operator, rest clients  rest.port
            JobManager   tcp/9249   who collects metrics                metrics.reporter.prom.port
            TaskManager  tcp/6122   JobManager, TaskManager             taskmanager.rpc.port
            TaskManager  tcp/6121   TaskManager                         taskmanager.data.port
            TaskManager  tcp/6125   JobManager                          metrics.internal.query-service.port
            TaskManager  tcp/6127   JobManager                          taskmanager.collect-sink.port
            TaskManager  tcp/9249   who collects metrics                metrics.reporter.prom.port\
            """);
  }

  @Test
  void aSpecThatWouldBeRefusedHasNoPorts() throws IOException {
    assertThat(run("ports: {rest: 6123}")).isEqualTo(ExitCode.FAILED);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("the operator would refuse this spec", "6123");
  }

  @Test
  void oneOfNameAndManifestIsNeeded() {
    assertThat(Main.run(new PrintWriter(out), new PrintWriter(err), "ports"))
        .isEqualTo(ExitCode.USAGE);
  }
}
