/**
 * One file for each state: its ordered list of rules. Files of this package never import each
 * other; a rule leads to the next state by what it records.
 */
package io.flinkcluster.operator.decide.rule;
