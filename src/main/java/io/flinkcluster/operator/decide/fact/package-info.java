/** Pure questions about a situation, each answered in one place. Decides nothing. */
package io.flinkcluster.operator.decide.fact;
