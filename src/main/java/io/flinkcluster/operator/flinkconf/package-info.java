/**
 * Flink's options, versions and the rendering of its configuration. Pure. Imports {@code model} and
 * {@code api}.
 */
package io.flinkcluster.operator.flinkconf;
