/**
 * What the operator rests on when it speaks with a JobManager, as cases that the pretended ones and
 * the real ones must pass alike: a pretended Flink that behaves as no Flink does proves nothing.
 */
package io.flinkcluster.operator.contract;
