package io.flinkcluster.operator.render;

import java.util.Map;

/**
 * Where the operator's own pods are, so that the NetworkPolicy of a cluster lets them in.
 *
 * @param namespace the operator's namespace
 * @param labels labels that select the operator's pods; never empty
 */
public record OperatorPeer(String namespace, Map<String, String> labels) {}
