/**
 * The world as a value: pods and children from the cache, the last Flink observation from the
 * poller. Imports {@code flinkrest}, {@code model} and {@code api}.
 */
package io.flinkcluster.operator.observe;
