package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.flinkconf.FlinkOption;
import io.flinkcluster.operator.flinkconf.FlinkOptions;
import io.flinkcluster.operator.flinkconf.Namespaces;
import io.flinkcluster.operator.flinkconf.OptionName;
import io.flinkcluster.operator.flinkconf.OptionValues;
import io.flinkcluster.operator.flinkconf.OwnedOptions;
import io.flinkcluster.operator.flinkconf.SecretReference;
import io.flinkcluster.operator.flinkconf.SensitiveOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rules for the names and values of options, by those that the version has. */
final class OptionRules {

  private final FlinkVersion version;
  private final FlinkOptions options;
  private final boolean application;
  private final String field;
  private final Findings findings;

  OptionRules(FlinkVersion version, boolean application, String field, Findings findings) {
    this.version = version;
    this.options = FlinkOptions.of(version);
    this.application = application;
    this.field = field;
    this.findings = findings;
  }

  void check(Map<String, String> options) {
    var given = new TreeMap<>(options);
    given.keySet().removeIf(key -> !OptionTextRules.isName(key));
    given.forEach(this::checkOption);
    checkSpellings(given);
    checkParents(given);
  }

  /** The names under which the cluster's version knows this option. */
  static List<String> meaning(FlinkClusterSpec spec, String key) {
    return FlinkOptions.of(version(spec)).canonical(key);
  }

  /** The spec with every option under the name that its version itself uses. */
  static FlinkClusterSpec normalised(FlinkClusterSpec spec) {
    SortedMap<String, String> options = effective(spec, new TreeMap<>());
    return options.equals(spec.flinkConfiguration()) ? spec : spec.withFlinkConfiguration(options);
  }

  /** What the spec says, and what the operator says where the spec says nothing. */
  static SortedMap<String, String> effective(
      FlinkClusterSpec spec, SortedMap<String, String> defaults) {
    var options = new TreeMap<>(defaults);
    spec.flinkConfiguration()
        .forEach((key, value) -> meaning(spec, key).forEach(name -> options.put(name, value)));
    return options;
  }

  /** Without a version, which is a problem of its own, the newest. */
  static FlinkVersion version(FlinkClusterSpec spec) {
    return spec.flinkVersion() == null ? FlinkVersion.V2_3 : spec.flinkVersion();
  }

  private void checkOption(String key, String value) {
    var owned = OwnedOptions.remedy(version, key, application);
    if (owned.isPresent()) {
      refuse(key, shown(key, value), "belongs to the operator", owned.get());
      return;
    }
    OptionName name = options.name(key);
    if (name instanceof OptionName.Known known) {
      checkValue(key, value, known.options().get(0));
    } else if (name instanceof OptionName.ElsewhereKnown other) {
      refuseOther(key, other);
    } else if (name instanceof OptionName.Unknown unknown) {
      refuse(key, null, "Flink " + version.minor() + " has no such option", similar(unknown));
    } else if (name instanceof OptionName.Foreign) {
      findings.warn(
          field + key,
          null,
          "Flink " + version.minor() + " does not know this option and will not act on it",
          "remove it, unless the job or a plugin reads it");
    }
  }

  private void checkValue(String key, String value, FlinkOption option) {
    if (SecretReference.begins(value)) {
      return;
    }
    OptionValues.remedy(version, option.type(), value)
        .ifPresent(
            remedy ->
                refuse(
                    key,
                    shown(key, value),
                    "Flink cannot read it as " + OptionValues.expected(option.type()),
                    remedy));
  }

  private void refuseOther(String key, OptionName.ElsewhereKnown other) {
    String reason =
        other.removed()
            ? "Flink " + other.since().minor() + " removed this option"
            : "is an option of Flink " + other.since().minor() + " and later";
    refuse(
        key,
        null,
        reason + ", the cluster runs " + version.minor(),
        other.instead().orElse("remove it"));
  }

  private static String similar(OptionName.Unknown unknown) {
    return unknown.similar().isEmpty()
        ? "remove it; what the job itself reads belongs into job.args"
        : "write " + String.join(" or ", unknown.similar());
  }

  private void checkSpellings(Map<String, String> given) {
    var seen = new HashMap<String, String>();
    for (String key : given.keySet()) {
      for (String name : options.canonical(key)) {
        String other = seen.putIfAbsent(name, key);
        if (other != null) {
          refuse(
              key,
              null,
              "is another spelling of "
                  + other
                  + ", which is given too; Flink takes one of them without a word",
              "write " + name + " alone");
        }
      }
    }
  }

  private void checkParents(Map<String, String> given) {
    var names = new HashMap<String, String>();
    given.keySet().forEach(key -> options.canonical(key).forEach(name -> names.put(name, key)));
    for (String name : names.keySet()) {
      for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
        String parent = name.substring(0, dot);
        if (names.containsKey(parent) && !Namespaces.fileSystem(name)) {
          refuse(
              names.get(parent),
              null,
              "is also the parent of "
                  + names.get(name)
                  + ", and Flink's scripts lose one of the two",
              "remove one of the two, or use the longer name of the option");
        }
      }
    }
  }

  private static String shown(String key, String value) {
    return SensitiveOptions.contains(key) ? null : value;
  }

  private void refuse(String key, String value, String reason, String remedy) {
    findings.refuse(field + key, value, reason, remedy);
  }
}
