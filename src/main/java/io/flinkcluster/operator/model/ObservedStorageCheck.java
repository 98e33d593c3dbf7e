package io.flinkcluster.operator.model;

import java.util.List;

/**
 * The pod that tries whether the next start can use its directories on S3, while the job runs on.
 *
 * @param pod its name
 * @param ended whether it has come to an end
 * @param usable whether all went well that Flink cannot do without
 * @param findings what it found out, the worst first; empty where it could not say
 */
public record ObservedStorageCheck(
    String pod, boolean ended, boolean usable, List<StorageFinding> findings) {}
