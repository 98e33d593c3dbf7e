/** What the operator tells Prometheus: of the clusters, and of its own process. */
package io.flinkcluster.operator.metrics;
