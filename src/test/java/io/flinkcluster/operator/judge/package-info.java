/**
 * Judges a recorded history: requests to the API server, objects, calls to Flink, runs of jobs and
 * their snapshots. Knows no class of the operator's, so that a word that both misunderstand does
 * not acquit it, and so that it can judge other operators, and audit logs of real API servers.
 */
package io.flinkcluster.operator.judge;
