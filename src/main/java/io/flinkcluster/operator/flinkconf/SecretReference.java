package io.flinkcluster.operator.flinkconf;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The value of an option that stands in a Secret, written {@code ${secret:NAME/KEY}}. It is read in
 * the pod, and stands nowhere but in the pod's memory.
 *
 * @param secret name of the Secret, in the cluster's namespace
 * @param key which of its values
 */
public record SecretReference(String secret, String key) {

  /** How a reference is written. */
  public static final String SPELLING = "${secret:NAME/KEY}";

  private static final String BEGINNING = "${secret:";
  private static final Pattern PATTERN =
      Pattern.compile(
          "\\$\\{secret:([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)/([-._a-zA-Z0-9]{1,253})}");

  /** The reference that this value is; empty where it is a value of its own. */
  public static Optional<SecretReference> of(String value) {
    if (!value.startsWith(BEGINNING)) {
      return Optional.empty();
    }
    var matcher = PATTERN.matcher(value);
    return matcher.matches() && !matcher.group(3).startsWith("..")
        ? Optional.of(new SecretReference(matcher.group(1), matcher.group(3)))
        : Optional.empty();
  }

  /** Whether somewhere in it a reference begins, well written or not. */
  public static boolean begins(String value) {
    return value.contains(BEGINNING);
  }
}
