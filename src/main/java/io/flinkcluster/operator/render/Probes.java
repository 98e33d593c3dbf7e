package io.flinkcluster.operator.render;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.flinkcluster.operator.model.PortSet;

/**
 * Probes of the Flink container. They ask only what a process answers without its peers: a
 * TaskManager that waits for its JobManager is healthy. One whose JVM lives and that does not work
 * is not told by a probe but by its JobManager, which drops it.
 */
final class Probes {

  /** Ten minutes: a job's main method may take long to build the job. */
  private static final int START_SECONDS = 600;

  /** Three minutes: long enough for a node that is busy, so that a live job is not killed. */
  private static final int ALIVE_PERIOD = 30;

  private static final int ALIVE_FAILURES = 6;
  private static final int ALIVE_TIMEOUT = 10;

  private final PortSet ports;

  Probes(PortSet ports) {
    this.ports = ports;
  }

  /** Every second, so that a start is noticed as soon as it is done. */
  Probe jobManagerStarted() {
    return probe(config(), 1, START_SECONDS);
  }

  Probe jobManagerReady() {
    return probe(config(), 10, 3);
  }

  /** Of one that is prepared: its REST API comes long after its container has started. */
  Probe preparedJobManagerReady() {
    return probe(config(), 2, 15);
  }

  Probe jobManagerAlive() {
    return alive(ports.jobManagerRpc());
  }

  Probe taskManagerStarted() {
    return probe(tcp(ports.taskManagerRpc()), 1, START_SECONDS);
  }

  Probe taskManagerAlive() {
    return alive(ports.taskManagerRpc());
  }

  /** Needs no leader and no job (WebMonitor, 1.20 to 2.3). */
  private ProbeBuilder config() {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath("/config")
        .withPort(new IntOrString(ports.rest()))
        .withScheme("HTTP")
        .endHttpGet();
  }

  private static Probe alive(int port) {
    return new ProbeBuilder()
        .withNewExec()
        .withCommand("/bin/bash", FlinkPod.CONF_DIR + "/alive.sh", Integer.toString(port))
        .endExec()
        .withPeriodSeconds(ALIVE_PERIOD)
        .withFailureThreshold(ALIVE_FAILURES)
        .withTimeoutSeconds(ALIVE_TIMEOUT)
        .build();
  }

  private static ProbeBuilder tcp(int port) {
    return new ProbeBuilder().withNewTcpSocket().withPort(new IntOrString(port)).endTcpSocket();
  }

  private static Probe probe(ProbeBuilder probe, int period, int failures) {
    return probe
        .withPeriodSeconds(period)
        .withFailureThreshold(failures)
        .withTimeoutSeconds(5)
        .build();
  }
}
