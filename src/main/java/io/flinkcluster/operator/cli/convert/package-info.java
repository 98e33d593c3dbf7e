/**
 * Resources of other Flink operators become a FlinkCluster, with a list of what could not be
 * carried over. From values alone; the operator's own rules judge the result.
 */
package io.flinkcluster.operator.cli.convert;
