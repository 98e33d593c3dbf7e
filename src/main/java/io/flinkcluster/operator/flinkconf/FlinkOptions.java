package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.flinkconf.OptionName.ElsewhereKnown;
import io.flinkcluster.operator.flinkconf.OptionName.Foreign;
import io.flinkcluster.operator.flinkconf.OptionName.Known;
import io.flinkcluster.operator.flinkconf.OptionName.Open;
import io.flinkcluster.operator.flinkconf.OptionName.Unknown;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** All options of one Flink version, by every name it reads them under. */
public final class FlinkOptions {

  /** Read by Flink's scripts in every version, declared in its jars only later. */
  private static final List<String> OF_SCRIPTS = List.of("env.java.home");

  private static final Map<FlinkVersion, FlinkOptions> ALL = all();
  private static final Set<String> FAMILIES = families();

  private final FlinkVersion version;
  private final SortedMap<String, FlinkOption> options;
  private final Map<String, List<FlinkOption>> byAlias = new HashMap<>();

  private FlinkOptions(FlinkVersion version, SortedMap<String, FlinkOption> options) {
    this.version = version;
    this.options = options;
    for (FlinkOption option : options.values()) {
      option
          .aliases()
          .forEach(alias -> byAlias.computeIfAbsent(alias, a -> new ArrayList<>()).add(option));
    }
  }

  /** The options of a version. */
  public static FlinkOptions of(FlinkVersion version) {
    return ALL.get(version);
  }

  /** The names that this version itself uses, sorted. */
  public Set<String> keys() {
    return options.keySet();
  }

  /** An option by the name that this version itself uses. */
  public Optional<FlinkOption> find(String key) {
    return Optional.ofNullable(options.get(key));
  }

  /**
   * The names under which this version knows what is called so: several where an old option was
   * divided, the name itself where the version has no other for it.
   */
  public List<String> canonical(String key) {
    List<FlinkOption> meant = byAlias.get(key);
    return meant == null ? List.of(key) : meant.stream().map(FlinkOption::key).toList();
  }

  /** What this version makes of a name. */
  public OptionName name(String key) {
    if (byAlias.containsKey(key)) {
      return new Known(byAlias.get(key), true);
    }
    if (options.containsKey(key)) {
      return new Known(List.of(options.get(key)), false);
    }
    if (Namespaces.open(key) || belongsToMap(key)) {
      return new Open();
    }
    Optional<OptionName> elsewhere = elsewhere(key);
    if (elsewhere.isPresent()) {
      return elsewhere.get();
    }
    List<String> near = SpellingSuggestions.names(key, options.keySet());
    String family = family(key);
    boolean foreign =
        !FAMILIES.contains(family)
            && FAMILIES.stream().noneMatch(known -> SpellingSuggestions.typo(family, known))
            && near.stream().noneMatch(known -> SpellingSuggestions.typo(key, known));
    return foreign ? new Foreign() : new Unknown(near);
  }

  /** An option that holds names and texts may be given as one option per name. */
  private boolean belongsToMap(String key) {
    for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
      FlinkOption parent = options.get(key.substring(0, dot));
      if (parent != null && parent.type().kind() == OptionType.Kind.MAP) {
        return !parent.type().list();
      }
    }
    return false;
  }

  private Optional<OptionName> elsewhere(String key) {
    FlinkVersion older = null;
    FlinkVersion newer = null;
    for (FlinkVersion other : FlinkVersion.values()) {
      boolean knows =
          ALL.get(other).options.containsKey(key) || ALL.get(other).byAlias.containsKey(key);
      if (knows && other.compareTo(version) < 0) {
        older = other;
      } else if (knows && newer == null) {
        newer = other;
      }
    }
    if (older != null) {
      FlinkVersion gone = FlinkVersion.values()[older.ordinal() + 1];
      return Optional.of(new ElsewhereKnown(gone, true, instead(key, older)));
    }
    return newer == null
        ? Optional.empty()
        : Optional.of(new ElsewhereKnown(newer, false, Optional.empty()));
  }

  /** What took the place of a removed option. */
  private Optional<String> instead(String key, FlinkVersion older) {
    Optional<String> said = Replacements.of(key);
    if (said.isPresent()) {
      return said;
    }
    return ALL.get(older).canonical(key).stream()
        .filter(other -> !other.equals(key) && options.containsKey(other))
        .findFirst()
        .map(other -> "use " + other);
  }

  private static String family(String key) {
    int dot = key.indexOf('.');
    return dot < 0 ? key : key.substring(0, dot);
  }

  private static Map<FlinkVersion, FlinkOptions> all() {
    var all = new EnumMap<FlinkVersion, FlinkOptions>(FlinkVersion.class);
    Map<FlinkVersion, SortedMap<String, FlinkOption>> declared = OptionsFile.read();
    declared.forEach(
        (version, map) -> {
          var options = new TreeMap<>(map);
          for (String key : OF_SCRIPTS) {
            options.putIfAbsent(key, declared.get(FlinkVersion.V2_3).get(key));
          }
          all.put(version, new FlinkOptions(version, options));
        });
    return all;
  }

  private static Set<String> families() {
    var families = new TreeSet<String>();
    for (FlinkOptions version : ALL.values()) {
      version.options.keySet().forEach(key -> families.add(family(key)));
      version.byAlias.keySet().forEach(key -> families.add(family(key)));
    }
    return families;
  }
}
