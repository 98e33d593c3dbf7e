/** What answers on the port of probes and metrics. */
package io.flinkcluster.operator.http;
