package io.flinkcluster.operator.autoscale;

import java.util.Optional;
import java.util.function.Function;

/**
 * One rule. The first rule of the list that answers decides.
 *
 * @param name unique; told in the status and in events
 * @param does when it answers and what it does then, one English sentence
 * @param answer what follows; empty: the rule has nothing to say here
 */
public record ScalingRule(
    String name, String does, Function<Assessment, Optional<Answer>> answer) {}
