/**
 * What runs before a JobManager, in an init container of its pod and with the job's identity:
 * fetches the job's jar, and looks for the newest checkpoint on S3. It may touch the network, and
 * the files of one directory.
 */
package io.flinkcluster.operator.fetch;
