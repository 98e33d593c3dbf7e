/**
 * The specs of earlier starts, as the cluster's own objects remember them: read by the operator to
 * repair what runs, and by its command line to say what a change would do.
 */
package io.flinkcluster.operator.launched;
