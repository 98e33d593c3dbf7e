/**
 * An ordered list of named rules for each state: what should run now and which action comes next.
 * Pure. Imports {@code model} and {@code api}. Start at {@link
 * io.flinkcluster.operator.decide.Decider}, then {@code rule}, one file for each state.
 */
package io.flinkcluster.operator.decide;
