package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.ChildMetadataSpec;
import io.flinkcluster.operator.model.Labels;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rules for the labels and annotations of children: what the API server would refuse, and what
 * belongs to others.
 */
final class ChildMetadataRules {
  private static final String FIELD = "spec.childMetadata.";
  private static final String REMOVE = "remove it";
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
  private static final Pattern PREFIX =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern VALUE =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");
  private static final Set<String> OURS =
      Set.of(Labels.NAME, Labels.INSTANCE, Labels.COMPONENT, Labels.MANAGED_BY);

  private ChildMetadataRules() {}

  /** Whether a label or an annotation belongs to the operator. */
  static boolean isOurs(String key) {
    return OURS.contains(key) || key.startsWith("flinkcluster.io/");
  }

  static void check(ChildMetadataSpec metadata, Findings findings) {
    metadata.labels().forEach((key, value) -> label(key, value, findings));
    for (Map.Entry<String, String> annotation : metadata.annotations().entrySet()) {
      key(FIELD + "annotations." + annotation.getKey(), annotation.getKey(), findings);
    }
  }

  private static void label(String key, String value, Findings findings) {
    String field = FIELD + "labels." + key;
    key(field, key, findings);
    if (!VALUE.matcher(value).matches()) {
      findings.refuse(
          field,
          value,
          "is not the value of a label",
          "write at most 63 letters, digits, '-', '_' and '.', beginning and ending with a letter"
              + " or a digit");
    }
  }

  private static void key(String field, String key, Findings findings) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    if (!NAME.matcher(name).matches()
        || (slash >= 0 && !PREFIX.matcher(key.substring(0, slash)).matches())) {
      findings.refuse(
          field,
          null,
          "is not a key",
          "write a name of at most 63 letters, digits, '-', '_' and '.', if need be after a DNS"
              + " name and '/': example.com/team");
    } else if (isOurs(key)) {
      findings.refuse(field, null, "belongs to the operator", REMOVE);
    } else if (key.startsWith("argocd.argoproj.io/")) {
      findings.refuse(
          field,
          null,
          "would make Argo CD take the cluster's objects for an application's own, and prune them",
          "remove it; put it on the FlinkCluster itself where it is meant for that");
    }
  }
}
