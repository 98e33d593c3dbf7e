/**
 * What runs before a JobManager, in an init container of its pod and with the job's identity:
 * checks Flink's directories on S3, fetches the job's jar, and looks for the newest checkpoint
 * there. It may touch the network, and the files of one directory.
 */
package io.flinkcluster.operator.fetch;
