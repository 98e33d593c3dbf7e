/**
 * Checked values that two or more packages share: immutable, pure, without clients and without
 * builders of Kubernetes objects. Imports {@code api} only. Start with {@link
 * io.flinkcluster.operator.model.CheckedCluster} (what is wanted) and {@link
 * io.flinkcluster.operator.model.Observation} (what is the case).
 */
package io.flinkcluster.operator.model;
