package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the image is one that stays, and of the version that the spec says. */
final class ImageDiagnosis {
  private static final Pattern TAG = Pattern.compile(":([^:/@]+)(@sha256:.*)?$");
  private static final Pattern MINOR = Pattern.compile("^v?([0-9]+\\.[0-9]+)(\\D.*)?$");
  private static final String FLINK = ".*flink[^/]*:.*";

  private ImageDiagnosis() {}

  static Optional<Finding> of(FlinkClusterSpec spec, String about) {
    String image = String.valueOf(spec.image());
    Matcher tag = TAG.matcher(image);
    boolean digest = image.contains("@sha256:");
    if (!tag.find() || tag.group(1).equals("latest")) {
      return digest
          ? Optional.empty()
          : Optional.of(
              warning(
                  about,
                  "the image " + image + " may be another one tomorrow",
                  "name a tag that is never moved, or a digest"));
    }
    Matcher minor = MINOR.matcher(tag.group(1));
    boolean differs =
        minor.matches()
            && spec.flinkVersion() != null
            && image.matches(FLINK)
            && !minor.group(1).equals(spec.flinkVersion().minor());
    return differs
        ? Optional.of(
            warning(
                about,
                "flinkVersion is "
                    + spec.flinkVersion().minor()
                    + ", the tag of the image says "
                    + tag.group(1),
                "make both say the same: the configuration is written for flinkVersion"))
        : Optional.empty();
  }

  private static Finding warning(String about, String what, String remedy) {
    return new Finding(Finding.Level.WARNING, "versions", about, what, remedy);
  }
}
