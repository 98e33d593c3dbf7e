package io.flinkcluster.operator.model;

import java.time.Instant;
import java.util.Optional;

/**
 * The pod that removes what a deleted cluster left in storage.
 *
 * @param name of the pod
 * @param createdAt when it was made; whole seconds
 * @param ended whether its container has ended
 * @param problem why it failed, or does not begin; empty: nothing is wrong
 */
public record ObservedCleanupPod(
    String name, Instant createdAt, boolean ended, Optional<String> problem) {}
