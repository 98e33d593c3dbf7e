/**
 * Strings the verbs together for the SDK: admit, observe, decide, render, apply, report. May import
 * every package but the root.
 */
package io.flinkcluster.operator.reconcile;
