package io.flinkcluster.operator.replay;

import io.flinkcluster.operator.autoscale.SizingPolicy;
import java.time.Duration;

/**
 * What is replayed against a recording.
 *
 * @param policy what is allowed and wanted
 * @param slots of each TaskManager, as they were recorded
 * @param maxParallelism of the job
 * @param replicas TaskManagers of the spec, to compare with
 * @param downtime how long the job would stand still in each rescale
 * @param podStart how long it would take until further TaskManagers are there
 */
public record ReplaySettings(
    SizingPolicy policy,
    int slots,
    int maxParallelism,
    int replicas,
    Duration downtime,
    Duration podStart) {}
