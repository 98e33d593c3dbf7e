/** Composes the status from values. Pure. Imports {@code decide}, {@code model} and {@code api}. */
package io.flinkcluster.operator.report;
