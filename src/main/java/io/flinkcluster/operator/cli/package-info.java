/**
 * The plugin {@code kubectl flinkcluster}: what a cluster is doing and why, what a change would do,
 * and the actions that people ask for. It reads and writes FlinkClusters with the rights of whoever
 * calls it, uses the operator's own pure code to judge them, and is no part of the operator's
 * process.
 */
package io.flinkcluster.operator.cli;
