package io.flinkcluster.operator.model;

/**
 * What Flink's adaptive scheduler may give to one vertex of a job.
 *
 * @param lower tasks without which the job does not run, at least 1
 * @param upper the parallelism that is aimed at, not below {@code lower}
 */
public record Bounds(int lower, int upper) {}
