package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.model.Component;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.RealApiServer;
import io.flinkcluster.operator.testcluster.RealScheduler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A real kube-scheduler places pods on nodes in three availability zones. */
@RealApiServer
@Execution(ExecutionMode.CONCURRENT) // each method has all that it uses
class PlacementIT {
  private final ClusterFixture it;
  private final RealScheduler scheduler;

  PlacementIT(ApiServer server) {
    it = ClusterFixture.in(server, "zones");
    scheduler = server.scheduler(it.namespace.name());
  }

  @BeforeEach
  void start() {
    // One zone has most of the nodes: a scheduler that only looks at nodes fills it first.
    List.of("a-1", "a-2", "a-3", "a-4", "b-1", "c-1")
        .forEach(node -> scheduler.node(node, node.substring(0, 1)));
  }

  @AfterEach
  void stop() throws IOException {
    it.client().persistentVolumes().withName(it.namespace.name()).delete();
    scheduler.close();
    it.close();
  }

  private void apply(int replicas, String more) {
    it.apply("taskManager: {replicas: " + replicas + "}\n" + scheduler.podTemplate() + more);
  }

  private static String zone(Pod pod) {
    String[] parts = pod.getSpec().getNodeName().split("-");
    return parts[parts.length - 2];
  }

  private Stream<Pod> of(Component component, long epoch) {
    return it.pods(component).stream().filter(ClusterFixture.pod(component, epoch));
  }

  private Set<String> zones(long epoch) {
    return Stream.of(Component.values())
        .flatMap(component -> of(component, epoch))
        .map(PlacementIT::zone)
        .collect(Collectors.toSet());
  }

  private Map<String, Long> taskManagers() {
    return of(Component.TASK_MANAGER, 1)
        .collect(Collectors.groupingBy(PlacementIT::zone, TreeMap::new, Collectors.counting()));
  }

  @Test
  void allPodsOfAStartAreInOneZoneAndTheNextStartMayBeInAnother() {
    apply(4, "placement: {zones: Same}");
    it.awaitReady();
    Set<String> first = zones(1);
    assertThat(first).hasSize(1);
    scheduler.cordon(first.iterator().next(), true);

    it.scale(5);

    it.awaitResult(OperationResult.Succeeded, TriggerKind.SpecChange);
    assertThat(zones(2)).hasSize(1).doesNotContainAnyElementsOf(first);
    it.assertStateNeverLost();
  }

  @Test
  void taskManagersAreSpreadEvenlyOverTheZones() {
    apply(6, "placement: {zones: Spread}");
    it.awaitReady();
    assertThat(taskManagers()).isEqualTo(Map.of("a", 2L, "b", 2L, "c", 2L));
  }

  /** As an EBS volume is: of one zone, which is full. */
  @Test
  void aVolumeThatBindsThePodsToAZoneIsNamed() {
    volume("a");
    scheduler.cordon("a", true);
    apply(
        1,
        """
        jobManager:
          podTemplate:
            spec:
              volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
        """);

    var status = it.await("why", s -> ClusterFixture.message(s, "Ready").contains("EBS"));

    assertThat(ClusterFixture.message(status, "Ready"))
        .contains("can be mounted in one place only", "node affinity");
  }

  /** Made, and bound to a claim of the namespace, as the controllers and EBS's driver would. */
  private void volume(String zone) {
    it.namespace
        .kubectl()
        .apply(
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: NAME}
            spec:
              capacity: {storage: 1Gi}
              accessModes: [ReadWriteOnce]
              hostPath: {path: /none}
              claimRef: {namespace: NAME, name: data}
              nodeAffinity:
                required:
                  nodeSelectorTerms:
                    - matchExpressions:
                        - {key: topology.kubernetes.io/zone, operator: In, values: [ZONE]}
            ---
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: data, annotations: {pv.kubernetes.io/bind-completed: "yes"}}
            spec:
              accessModes: [ReadWriteOnce]
              storageClassName: ""
              volumeName: NAME
              resources: {requests: {storage: 1Gi}}
            """
                .replace("NAME", it.namespace.name())
                .replace("ZONE", zone));
  }
}
