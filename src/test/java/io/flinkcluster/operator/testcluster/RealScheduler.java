package io.flinkcluster.operator.testcluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A real kube-scheduler for the pods that ask for it by {@code schedulerName}; {@link FakeKubelet}
 * leaves these to it. It knows zones, affinities and room, on nodes that exist on paper.
 */
public final class RealScheduler implements AutoCloseable {
  private final ChildProcess process;

  private RealScheduler(ChildProcess process) {
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param name that pods give as their {@code schedulerName}; unique in this run
   */
  static RealScheduler start(ControlPlane plane, String name) throws IOException {
    Path dir = Files.createDirectory(plane.dir.resolve("scheduler-" + name));
    Path configuration = dir.resolve("configuration.yaml");
    Files.writeString(
        configuration,
        """
        apiVersion: kubescheduler.config.k8s.io/v1
        kind: KubeSchedulerConfiguration
        clientConnection: {kubeconfig: "%s"}
        leaderElection: {leaderElect: false}
        profiles: [{schedulerName: "%s"}]
        """
            .formatted(plane.kubeconfig(), name));
    return new RealScheduler(
        ChildProcess.start(
            dir,
            plane.program("kube-scheduler"),
            List.of("--config=" + configuration, "--secure-port=0")));
  }

  @Override
  public void close() throws IOException {
    process.close();
  }
}
