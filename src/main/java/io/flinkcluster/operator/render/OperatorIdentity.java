package io.flinkcluster.operator.render;

import java.util.Map;

/**
 * Where the operator's own pods are, so that the NetworkPolicy of a cluster lets them in, and what
 * they run.
 *
 * @param namespace the operator's namespace
 * @param labels labels that select the operator's pods; never empty
 * @param image the operator's image, which the pods of a cluster use to fetch what they need
 */
public record OperatorIdentity(String namespace, Map<String, String> labels, String image) {}
