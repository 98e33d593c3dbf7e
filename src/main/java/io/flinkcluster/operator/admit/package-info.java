/**
 * A {@code FlinkCluster} becomes a {@code CheckedCluster} or a list of problems. Pure. Imports
 * {@code flinkconf}, {@code model} and {@code api}.
 */
package io.flinkcluster.operator.admit;
