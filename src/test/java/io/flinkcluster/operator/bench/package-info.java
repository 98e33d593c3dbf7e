/**
 * Benchmarks: the operator measured on clusters of this machine's own, beside references of the
 * same run. Started by the commands of {@code dev/bench}; no run of the tests starts one, and they
 * judge nothing. What they calculate is pure and has tests.
 */
package io.flinkcluster.operator.bench;
