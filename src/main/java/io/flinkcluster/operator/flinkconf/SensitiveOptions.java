package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.FlinkVersion;
import java.util.List;
import java.util.Locale;

/** Options whose value is a secret. */
public final class SensitiveOptions {

  /** What Flink masks in its logs and UI ({@code GlobalConfiguration}, 2.1 to 2.3). */
  private static final List<String> PARTS =
      List.of(
          "password",
          "secret",
          "fs.azure.account.key",
          "apikey",
          "api-key",
          "auth-params",
          "service-key",
          "token",
          "basic-auth",
          "jaas.config",
          "http-headers");

  private SensitiveOptions() {}

  /** Whether this version of Flink itself shows stars for the value, in its log and in its UI. */
  public static boolean masked(FlinkVersion version, String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return PARTS.stream()
        .filter(part -> !part.equals("api-key") || version.compareTo(FlinkVersion.V2_1) >= 0)
        .anyMatch(lower::contains);
  }

  /** Whether the value must not be shown or kept in a ConfigMap. */
  public static boolean contains(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    // Switches and periods of delegation tokens, none of them a token.
    if (lower.startsWith("security.delegation.token")) {
      return PARTS.stream().filter(part -> !part.equals("token")).anyMatch(lower::contains);
    }
    return PARTS.stream().anyMatch(lower::contains);
  }
}
