/**
 * Makes it so: server-side apply, pruning, steps with an effect, events. Imports {@code decide},
 * {@code flinkrest}, {@code model} and {@code api}.
 */
package io.flinkcluster.operator.apply;
