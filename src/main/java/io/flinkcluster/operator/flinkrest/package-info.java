/**
 * Speaks Flink's REST API and nothing else; never deserializes Java objects from an answer. Imports
 * {@code model}.
 */
package io.flinkcluster.operator.flinkrest;
