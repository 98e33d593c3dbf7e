package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.flinkconf.OptionName.ElsewhereKnown;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Options that whoever runs the operator wants for every cluster that says nothing else.
 *
 * @param forAll for clusters of every version that knows them
 * @param byVersion for clusters of one version; they win over those for all
 */
public record DefaultOptions(
    Map<String, String> forAll, Map<FlinkVersion, Map<String, String>> byVersion) {

  /** No defaults. */
  public static final DefaultOptions NONE = new DefaultOptions(Map.of(), Map.of());

  /** Copies the maps. */
  public DefaultOptions {
    forAll = Map.copyOf(forAll);
    byVersion = Map.copyOf(byVersion);
  }

  /** The defaults that an earlier start was made with, as {@link #of} gave them. */
  public static DefaultOptions recorded(Map<String, String> options) {
    return new DefaultOptions(options, Map.of());
  }

  /**
   * The defaults for a cluster of this version, under the names that it itself uses. What it has no
   * option for any more, or not yet, is left out.
   */
  public SortedMap<String, String> of(FlinkVersion version) {
    var known = FlinkOptions.of(version);
    var options = new TreeMap<String, String>();
    put(known, forAll, options);
    put(known, byVersion.getOrDefault(version, Map.of()), options);
    return options;
  }

  private static void put(
      FlinkOptions known, Map<String, String> given, Map<String, String> options) {
    given.forEach(
        (key, value) -> {
          if (!(known.name(key) instanceof ElsewhereKnown)) {
            known.canonical(key).forEach(name -> options.put(name, value));
          }
        });
  }
}
