/**
 * Tests from end to end: real Flink in real pods, the operator installed by its chart from its
 * image. They run on K3s in a container where Docker answers, else on the project's own cluster of
 * {@code dev/cluster}; where neither can be, they are skipped and say why.
 *
 * <p>{@code -De2e.keep=true} leaves the cluster running at the end, {@code -De2e.required=true}
 * makes a machine that cannot run them an error, {@code -De2e.skip=true} leaves them out.
 */
package io.flinkcluster.operator.e2e;
