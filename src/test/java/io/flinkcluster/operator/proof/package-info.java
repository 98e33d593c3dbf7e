/**
 * The operator on a real API server with a proxy between them, which kills it at a call, loses
 * answers, and lies: what the simulated world shows, with the client and the SDK under it.
 */
package io.flinkcluster.operator.proof;
