/**
 * An ordered list of named rules: what should run now and which step comes next. Pure. Imports
 * {@code model} and {@code api}.
 */
package io.flinkcluster.operator.decide;
