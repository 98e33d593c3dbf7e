package io.flinkcluster.operator.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of the jar that runs. */
final class VersionText implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {version()};
  }

  /** As the jar's manifest says; {@code unreleased} where there is no jar. */
  static String version() {
    String version = VersionText.class.getPackage().getImplementationVersion();
    return version == null ? "unreleased" : version;
  }
}
