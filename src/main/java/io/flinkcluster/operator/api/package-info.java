/**
 * What a user writes and reads: the {@code FlinkCluster} resource as records and enums, every field
 * described. Imports nothing of this project. No logic and no defaults live here: defaults are in
 * the schema, questions go to {@code model.CheckedCluster}. Every component may be null.
 */
package io.flinkcluster.operator.api;
