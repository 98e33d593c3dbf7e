/**
 * Speaks to AWS and nothing else. It is used by the container that fetches what a JobManager needs
 * to start, with the identity of the job; the operator itself asks AWS nothing and needs no right
 * there.
 */
package io.flinkcluster.operator.aws;
