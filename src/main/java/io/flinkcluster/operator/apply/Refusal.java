package io.flinkcluster.operator.apply;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** What the API server said, in its own words and no more. */
public final class Refusal {

  private Refusal() {}

  /**
   * One line. The message of the exception itself ends with the whole status as the client prints
   * it, which is left out.
   */
  public static String words(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return e.getStatus().getMessage();
    }
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    int status = message.indexOf("Received status:");
    return (status < 0 ? message : message.substring(0, status)).strip();
  }
}
