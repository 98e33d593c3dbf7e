package io.flinkcluster.operator.flinkconf;

import java.util.List;

/**
 * Beginnings of names that Flink hands on to something that is not part of it, or whose options are
 * declared outside the jars that the table is made of.
 */
public final class Namespaces {

  /** Here a name may also be the beginning of another one: these are not Flink's own options. */
  private static final List<String> FILE_SYSTEMS =
      List.of("s3.", "s3a.", "s3p.", "fs.", "presto.", "hadoop.", "flink.hadoop.", "gs.", "oss.");

  private static final List<String> OTHERS =
      List.of(
          "metrics.reporter.",
          "traces.reporter.",
          "events.reporter.",
          "external-resource.",
          "security.delegation.token.provider.",
          "table.catalog-store.",
          "sql-gateway.",
          "sql-client.",
          "python.");

  private Namespaces() {}

  /** Whether any name may stand here. */
  public static boolean open(String key) {
    return fileSystem(key) || OTHERS.stream().anyMatch(key::startsWith);
  }

  /** Whether the name belongs to a file system. */
  public static boolean fileSystem(String key) {
    return FILE_SYSTEMS.stream().anyMatch(key::startsWith);
  }
}
