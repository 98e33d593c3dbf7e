/**
 * A Flink job that can be checked: sources with known numbers, counters in keyed state, and files
 * that appear only with the checkpoint they belong to. Compiled against Flink 2.3, it uses only
 * what 1.20 has as well.
 */
package io.flinkcluster.operator.e2e.exactlyonce;
