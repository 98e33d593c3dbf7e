/**
 * What API-server tests stand on: a real control plane for the JVM run ({@link
 * io.flinkcluster.operator.testcluster.ApiServer}), pods that pretend to run ({@link
 * io.flinkcluster.operator.testcluster.FakeKubelet}) and Flink's REST API as a small state machine
 * ({@link io.flinkcluster.operator.testcluster.FakeFlink}). Start with {@link
 * io.flinkcluster.operator.testcluster.RealApiServer}.
 */
package io.flinkcluster.operator.testcluster;
