package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.CloudIdentity.Kind;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.model.ObservedPod;
import io.flinkcluster.operator.model.S3Option;
import io.flinkcluster.operator.model.Schemes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * As whom the pods speak to AWS: told of clusters that use S3, or whose pods were given a role. It
 * holds nothing back, since the role of a node may be meant.
 *
 * @param status of the condition
 */
record CloudIdentityCondition(String status, Reason reason, String message) {

  /** Empty: nothing is to be told, or nothing is known yet. */
  static Optional<CloudIdentityCondition> of(
      Optional<CheckedCluster> running, long epoch, Observation seen) {
    if (running.isEmpty()) {
      return Optional.empty();
    }
    CheckedCluster spec = running.get();
    List<ObservedPod> pods =
        seen.pods().stream()
            .filter(p -> p.epoch() == epoch && !p.deleting() && !p.ended())
            .toList();
    boolean given =
        pods.stream()
            .map(p -> p.identity().kind())
            .anyMatch(kind -> kind == Kind.WEB_IDENTITY || kind == Kind.POD_IDENTITY);
    if (!usesS3(spec) && !given) {
      return Optional.empty();
    }
    return Optional.of(configured(spec).orElseGet(() -> seen(spec, pods)));
  }

  private static boolean usesS3(CheckedCluster spec) {
    return spec.dirs().onS3()
        || spec.job()
            .flatMap(job -> Optional.ofNullable(job.jarURI()))
            .filter(Schemes::isS3)
            .isPresent();
  }

  /** What the options of Flink say comes before the pod's environment. */
  private static Optional<CloudIdentityCondition> configured(CheckedCluster spec) {
    Optional<String> keys = S3Option.ACCESS_KEY.in(spec.options());
    if (keys.isPresent()) {
      return Optional.of(
          keys(
              "spec.flinkConfiguration has "
                  + keys.get()
                  + ": what is done on S3 is done with it"));
    }
    return S3Option.CREDENTIALS_PROVIDER
        .in(spec.options())
        .map(
            option ->
                new CloudIdentityCondition(
                    "Unknown",
                    Reason.CredentialsProvider,
                    "spec.flinkConfiguration chooses the provider of credentials by " + option));
  }

  private static CloudIdentityCondition seen(CheckedCluster spec, List<ObservedPod> pods) {
    if (pods.isEmpty()) {
      return new CloudIdentityCondition(
          "Unknown", Reason.NoPods, "no pod runs: a pod is given its identity when it is made");
    }
    if (has(pods, Kind.NODE_ROLE)) {
      return node(spec, which(pods, Kind.NODE_ROLE));
    }
    if (has(pods, Kind.UNKNOWN)) {
      return unknown(which(pods, Kind.UNKNOWN));
    }
    if (has(pods, Kind.STATIC_KEYS)) {
      return keys("the pods have AWS_ACCESS_KEY_ID in their environment");
    }
    boolean web = pods.stream().allMatch(p -> p.identity().kind() == Kind.WEB_IDENTITY);
    String account = "ServiceAccount " + spec.spec().serviceAccountName();
    return web
        ? new CloudIdentityCondition(
            "True",
            Reason.WebIdentity,
            "the pods act as " + roles(pods) + ", by IRSA of " + account)
        : new CloudIdentityCondition(
            "True",
            Reason.PodIdentity,
            "the pods act as the role that EKS Pod Identity associates with " + account);
  }

  private static String roles(List<ObservedPod> pods) {
    return pods.stream()
        .flatMap(p -> p.identity().role().stream())
        .distinct()
        .sorted()
        .collect(Collectors.joining(" and "));
  }

  private static CloudIdentityCondition keys(String where) {
    return new CloudIdentityCondition(
        "True",
        Reason.StaticKeys,
        where
            + "; keys stay valid until somebody changes them, IRSA and EKS Pod Identity need none");
  }

  private static boolean has(List<ObservedPod> pods, Kind kind) {
    return pods.stream().anyMatch(p -> p.identity().kind() == kind);
  }

  /**
   * Not by name, and alike while pods come and go: a message that changes is an event each time.
   */
  private static String which(List<ObservedPod> pods, Kind kind) {
    boolean all = pods.stream().allMatch(p -> p.identity().kind() == kind);
    return all
        ? "the pods"
        : pods.stream()
            .filter(p -> p.identity().kind() == kind)
            .map(p -> p.component().label())
            .distinct()
            .sorted()
            .collect(Collectors.joining(" and ", "the pods of ", ""));
  }

  private static CloudIdentityCondition node(CheckedCluster spec, String pods) {
    String account = spec.spec().serviceAccountName();
    return new CloudIdentityCondition(
        "False",
        Reason.NodeRole,
        pods
            + " have neither a role of their own nor keys: on S3 they act as their node, if at all."
            + " Annotate ServiceAccount %s with eks.amazonaws.com/role-arn, or associate a role"
                .formatted(account)
            + " with it by EKS Pod Identity; where that is done, it was done after the pods were"
            + " made: kubectl annotate flinkcluster %s --overwrite %s=\"$(date)\""
                .formatted(spec.names().name(), Labels.RESTART));
  }

  private static CloudIdentityCondition unknown(String pods) {
    return new CloudIdentityCondition(
        "Unknown",
        Reason.UnknownIdentity,
        pods
            + " take variables from ConfigMaps or Secrets (envFrom), which the operator does not"
            + " read; no role is seen");
  }
}
