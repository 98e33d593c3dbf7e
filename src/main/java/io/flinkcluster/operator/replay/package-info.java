/**
 * From what was recorded of a job to the sizes that autoscaling would have chosen, moment by
 * moment, by the operator's own evaluations. Pure: texts in, decisions out. Imports {@code
 * autoscale}, {@code model} and {@code api}. Start at {@link
 * io.flinkcluster.operator.replay.Replay}.
 */
package io.flinkcluster.operator.replay;
