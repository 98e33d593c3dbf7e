/**
 * Starts the process: settings from the environment, clients, probes and metrics, leader election,
 * and an orderly end. May import every package; nobody imports this one but tests.
 */
package io.flinkcluster.operator;
