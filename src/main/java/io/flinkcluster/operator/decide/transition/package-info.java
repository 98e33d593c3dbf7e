/**
 * What a rule does once it answers: how operations begin, go on and end, and which decision keeps
 * what runs. Asks no rule.
 */
package io.flinkcluster.operator.decide.transition;
