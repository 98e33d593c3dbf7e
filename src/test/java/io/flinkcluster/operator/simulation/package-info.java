/**
 * A world in one thread and in a time of its own: an API server, the controllers and kubelets
 * behind it, JobManagers with their jobs and a storage. The operator's own reconciler runs in it
 * unchanged, behind its Kubernetes client and its port to Flink, so that a lifecycle takes
 * milliseconds and happens in the same way each time. Everything that happens is recorded for the
 * judge.
 */
package io.flinkcluster.operator.simulation;
