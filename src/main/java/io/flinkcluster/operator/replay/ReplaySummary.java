package io.flinkcluster.operator.replay;

import java.util.Optional;

/**
 * What a replay comes to.
 *
 * @param hours that were replayed, without gaps
 * @param rescales that would have been made
 * @param podHours of TaskManagers, as they would have been
 * @param recordedPodHours as they were
 * @param fixedPodHours with the size of the spec
 * @param lagSeconds seconds behind, summed over the time; empty: no source tells its lag
 * @param recordedLagSeconds as it was
 * @param longestBehind most seconds behind
 * @param recordedLongestBehind as it was
 * @param estimatedShare share of the time for which load and lag are estimated, 0.0 to 1.0
 */
public record ReplaySummary(
    double hours,
    int rescales,
    double podHours,
    double recordedPodHours,
    double fixedPodHours,
    Optional<Double> lagSeconds,
    Optional<Double> recordedLagSeconds,
    Optional<Double> longestBehind,
    Optional<Double> recordedLongestBehind,
    double estimatedShare) {}
