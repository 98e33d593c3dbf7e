package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.S3Option;
import io.flinkcluster.operator.report.Conditions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** As whom the pods of a cluster act, and what was meant for them. */
final class IdentityDiagnosis {

  /** How the value of an option is written that stands in a Secret. */
  private static final String REFERENCE = "${secret:";

  private final ClusterFacts facts;
  private final FlinkClusterSpec spec;
  private final String about;

  private IdentityDiagnosis(ClusterFacts facts, String about) {
    this.facts = facts;
    this.spec = facts.cluster().getSpec();
    this.about = about;
  }

  static List<Finding> of(ClusterFacts facts, String about) {
    var diagnosis = new IdentityDiagnosis(facts, about);
    return facts.serviceAccount().missing()
        ? List.of(diagnosis.missing())
        : Stream.concat(diagnosis.role().stream(), diagnosis.keys().stream()).toList();
  }

  private String account() {
    return Optional.ofNullable(spec.serviceAccountName()).filter(n -> !n.isBlank()).orElse("flink");
  }

  private Finding missing() {
    return new Finding(
        Finding.Level.ERROR,
        "identity",
        about,
        "the ServiceAccount " + account() + " does not exist",
        "kubectl -n %s create serviceaccount %s"
            .formatted(facts.cluster().getMetadata().getNamespace(), account()));
  }

  private Finding warning(String what, String remedy) {
    return new Finding(Finding.Level.WARNING, "identity", about, what, remedy);
  }

  /** Static keys of S3 in the spec; the name of a key alone is no secret. */
  private Optional<Finding> keys() {
    var options = Optional.ofNullable(spec.flinkConfiguration()).orElse(Map.of());
    boolean given =
        Stream.of(S3Option.ACCESS_KEY, S3Option.SECRET_KEY)
            .anyMatch(option -> option.in(options.keySet()).isPresent());
    boolean referred =
        S3Option.SECRET_KEY
            .in(options.keySet())
            .filter(key -> String.valueOf(options.get(key)).startsWith(REFERENCE))
            .isPresent();
    return given && !referred
        ? Optional.of(
            warning(
                "flinkConfiguration has keys of S3",
                "use IRSA or EKS Pod Identity, or ${secret:NAME/KEY}"))
        : Optional.empty();
  }

  /** What the ServiceAccount says against what the pods were given when they were made. */
  private Optional<Finding> role() {
    if (!facts.serviceAccount().allowed()) {
      return Optional.empty();
    }
    var seen = Conditions.find(facts.cluster().getStatus(), Conditions.CLOUD_IDENTITY_READY);
    String reason = seen.map(c -> c.reason()).orElse("");
    Optional<String> role =
        Optional.ofNullable(facts.serviceAccount().value())
            .map(found -> found.getMetadata().getAnnotations())
            .map(annotations -> annotations.get("eks.amazonaws.com/role-arn"));
    boolean without = reason.equals(Reason.NodeRole.name());
    boolean another =
        reason.equals(Reason.WebIdentity.name())
            && role.filter(arn -> !seen.orElseThrow().message().contains(arn + ",")).isPresent();
    if (role.isPresent() && (without || another)) {
      return Optional.of(
          warning(
              "ServiceAccount %s names %s, and the pods were made without it: %s"
                  .formatted(account(), role.get(), seen.orElseThrow().message()),
              "restart it, since a pod is given its role when it is made: kubectl flinkcluster"
                  + " restart "
                  + facts.cluster().getMetadata().getName()));
    }
    return without
        ? Optional.of(warning(seen.orElseThrow().message(), "see the runbook of NodeRole"))
        : Optional.empty();
  }
}
