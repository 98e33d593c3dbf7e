package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;

/** Rules for the way from outside to the web UI. */
final class IngressRules {

  private IngressRules() {}

  static void check(FlinkClusterSpec spec, Findings findings) {
    if (spec.ingress() != null
        && spec.networkPolicy().enabled()
        && spec.networkPolicy().restFrom().isEmpty()) {
      findings.warn(
          "spec.ingress",
          spec.ingress().host(),
          "the NetworkPolicy of the cluster lets nobody but the operator reach the REST port, so"
              + " that requests through the Ingress time out",
          "name the pods of the ingress controller, or the addresses of its load balancer, in"
              + " spec.networkPolicy.restFrom");
    }
  }
}
