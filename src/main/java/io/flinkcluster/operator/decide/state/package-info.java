/** Data only: the situation, what is recorded, the operation being written, and its states. */
package io.flinkcluster.operator.decide.state;
