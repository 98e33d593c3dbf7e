/**
 * What the operator would do if nothing went wrong: its own decisions, played through in a world
 * where every pod comes up and Flink does what it is asked. Pure; used by the command line.
 */
package io.flinkcluster.operator.decide.rehearsal;
