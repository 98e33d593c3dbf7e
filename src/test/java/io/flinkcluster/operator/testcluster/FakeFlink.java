package io.flinkcluster.operator.testcluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.model.Labels;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Flink in the pods of one namespace: JobManagers that answer REST on their pod's address and port,
 * TaskManagers that register with the JobManager of the same start, and jobs that run when there
 * are slots. Hand it to {@link FakeKubelet#in}. Pods that are not Flink's are left alone.
 */
public final class FakeFlink implements FakeKubelet.Listener, AutoCloseable {
  private final TestNamespace namespace;
  private final FlinkWitness witness;
  private final Map<String, FakeCluster> clusters = new ConcurrentHashMap<>();
  private final Set<String> startedOnce = ConcurrentHashMap.newKeySet();
  private final Set<JobManagerProcess> jobManagers = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "fake-flink-timer");
            thread.setDaemon(true);
            return thread;
          });

  private FakeFlink(TestNamespace namespace, FlinkWitness witness) {
    this.namespace = namespace;
    this.witness = witness;
  }

  /** Flink for one namespace. */
  public static FakeFlink in(TestNamespace namespace) {
    return in(namespace, FlinkWitness.NONE);
  }

  /** Flink for one namespace, with somebody who hears what it does. */
  public static FakeFlink in(TestNamespace namespace, FlinkWitness witness) {
    return new FakeFlink(namespace, witness);
  }

  /** Script and ledger of one FlinkCluster; may be asked for before it exists. */
  public FakeCluster cluster(String name) {
    return clusters.computeIfAbsent(name, key -> new FakeCluster(key, timer, witness));
  }

  /** The marks that processes leave in their pods are lost, as when a node loses its disk. */
  public void loseStartMarks() {
    startedOnce.clear();
  }

  @Override
  public boolean started(Pod pod, String ip) {
    if (!FlinkProcess.isFlink(pod)) {
      return true;
    }
    if (FlinkProcess.startsOnce(pod) && !startedOnce.add(pod.getMetadata().getUid())) {
      return false;
    }
    var process =
        FlinkProcess.of(
            pod,
            ip,
            map ->
                namespace.client().configMaps().inNamespace(namespace.name()).withName(map).get());
    FakeCluster cluster = cluster(process.cluster());
    if (FlinkProcess.looksForItself(pod) && process.jobId().filter(cluster::hasRun).isPresent()) {
      return false;
    }
    if (Component.JOB_MANAGER.label().equals(component(pod))) {
      var jobManager = new JobManagerProcess(process, cluster);
      jobManagers.add(jobManager);
      cluster.started(jobManager);
    } else {
      cluster.started(process);
    }
    return true;
  }

  @Override
  public void stopped(Pod pod) {
    if (FlinkProcess.isFlink(pod)) {
      cluster(pod.getMetadata().getLabels().get(Labels.CLUSTER))
          .stopped(pod.getMetadata().getUid())
          .ifPresent(
              jobManager -> {
                jobManagers.remove(jobManager);
                jobManager.close();
              });
    }
  }

  private static String component(Pod pod) {
    return pod.getMetadata().getLabels().get(Labels.COMPONENT);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    jobManagers.forEach(JobManagerProcess::close);
  }
}
