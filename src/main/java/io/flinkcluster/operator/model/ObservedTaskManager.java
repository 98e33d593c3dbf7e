package io.flinkcluster.operator.model;

/**
 * A TaskManager as it is registered with the JobManager.
 *
 * @param id its resource id, which is the name of its pod
 */
public record ObservedTaskManager(String id, int slots, int freeSlots) {}
