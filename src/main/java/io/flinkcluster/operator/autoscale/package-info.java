/**
 * From what the tasks of a job do to how many TaskManagers it needs: an ordered list of named
 * rules. Pure: records in, an evaluation out. Imports {@code model} and {@code api}. Start at
 * {@link io.flinkcluster.operator.autoscale.Evaluator}, then {@link
 * io.flinkcluster.operator.autoscale.ScalingRules}.
 */
package io.flinkcluster.operator.autoscale;
