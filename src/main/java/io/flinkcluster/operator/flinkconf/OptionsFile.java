package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.FlinkVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The file {@code options.tsv}: one line per option and spelling of it, with the columns name,
 * first and last version, type, aliases separated by commas, default. It is generated from the
 * released jars by {@code OptionsTableTest}.
 */
final class OptionsFile {

  private static final String NAME = "options.tsv";

  private OptionsFile() {}

  /** By version and name. */
  static Map<FlinkVersion, SortedMap<String, FlinkOption>> read() {
    try (var in = OptionsFile.class.getResourceAsStream(NAME)) {
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("the operator's own archive lacks " + NAME, e);
    }
  }

  private static Map<FlinkVersion, SortedMap<String, FlinkOption>> parse(String text) {
    var all = new EnumMap<FlinkVersion, SortedMap<String, FlinkOption>>(FlinkVersion.class);
    for (FlinkVersion version : FlinkVersion.values()) {
      all.put(version, new TreeMap<>());
    }
    for (String line : text.lines().toList()) {
      String[] columns = line.split("\t", -1);
      var option =
          new FlinkOption(
              columns[0],
              OptionType.parse(columns[2]),
              columns[4],
              columns[3].isEmpty() ? List.of() : List.of(columns[3].split(",")));
      String[] range = columns[1].split("-");
      for (FlinkVersion version : FlinkVersion.values()) {
        if (within(version, range[0], range[range.length - 1])) {
          all.get(version).put(option.key(), option);
        }
      }
    }
    return all;
  }

  private static boolean within(FlinkVersion version, String first, String last) {
    return version.compareTo(version(first)) >= 0 && version.compareTo(version(last)) <= 0;
  }

  private static FlinkVersion version(String minor) {
    for (FlinkVersion version : FlinkVersion.values()) {
      if (version.minor().equals(minor)) {
        return version;
      }
    }
    throw new IllegalArgumentException("no such version: " + minor);
  }
}
