package io.flinkcluster.operator.cli;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.flinkcluster.operator.api.FlinkCluster;
import java.time.Instant;
import java.util.List;

/**
 * What is looked at of one cluster.
 *
 * @param serviceAccount of its pods
 * @param sizers names of the HorizontalPodAutoscalers that set its number of TaskManagers
 * @param missing ConfigMaps that its spec names and that do not exist; Secrets are not read
 */
record ClusterFacts(
    FlinkCluster cluster,
    Answer<ServiceAccount> serviceAccount,
    List<String> sizers,
    List<String> missing,
    List<Pod> pods,
    Instant now) {}
