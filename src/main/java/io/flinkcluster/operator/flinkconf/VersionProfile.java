package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.FlinkVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * In what the Flink versions differ, as data. Read in the released archives of 1.20.5 and 2.3.0 and
 * in the option tables of 1.20 to 2.3; all of them read {@code config.yaml} where no {@code
 * flink-conf.yaml} lies beside it, and all know the checkpoint options by their new names.
 *
 * @param moduleOptions JVM options that open the JDK's modules; without them the first job fails
 *     with {@code InaccessibleObjectException} on Java 17
 * @param nativeS3 whether the image brings the plugin {@code flink-s3-fs-native}
 * @param applications whether the JobManager tells of applications beside jobs, and keeps their
 *     results
 */
public record VersionProfile(List<String> moduleOptions, boolean nativeS3, boolean applications) {

  // The list of Flink's own configuration file without the exports of jdk.compiler: the images have
  // a JRE, which lacks that module, and the JVM would warn of it five times at every start.
  private static final List<String> OPENED =
      List.of(
          "--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
          "--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.net=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.text=ALL-UNNAMED",
          "--add-opens=java.base/java.time=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED");

  private static final String NET_UTIL = "--add-exports=java.base/sun.net.util=ALL-UNNAMED";

  /** The profile of a version. */
  public static VersionProfile of(FlinkVersion version) {
    return switch (version) {
      case V1_20 -> new VersionProfile(withNetUtil(), false, false);
      case V2_0, V2_1, V2_2 -> new VersionProfile(withNetUtil(), false, false);
      case V2_3 -> new VersionProfile(OPENED, true, true);
    };
  }

  private static List<String> withNetUtil() {
    var options = new ArrayList<>(OPENED);
    options.add(0, NET_UTIL);
    return List.copyOf(options);
  }
}
