package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.flinkconf.DefaultOptions;
import io.flinkcluster.operator.flinkconf.FlinkOptions;
import io.flinkcluster.operator.flinkconf.OptionName;
import io.flinkcluster.operator.model.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rules for the operator's own defaults: those of {@code spec.flinkConfiguration}. */
public final class DefaultRules {

  private DefaultRules() {}

  /**
   * Everything that is wrong with the defaults, each option once. What is given for all versions
   * must be right for those that know it; what is given for one version must be right for that one.
   *
   * @param all how the defaults for all versions are called, for people
   * @param byVersion how those for one version are called
   */
  public static List<Problem> check(DefaultOptions defaults, String all, String byVersion) {
    var problems = new LinkedHashMap<String, Problem>();
    for (FlinkVersion version : FlinkVersion.values()) {
      var known = new TreeMap<>(defaults.forAll());
      known
          .keySet()
          .removeIf(key -> FlinkOptions.of(version).name(key) instanceof OptionName.ElsewhereKnown);
      check(version, all + ".", known)
          .forEach(problem -> problems.putIfAbsent(problem.field(), problem));
      Map<String, String> own = defaults.byVersion().getOrDefault(version, Map.of());
      check(version, byVersion + "." + version.minor() + ".", own)
          .forEach(problem -> problems.putIfAbsent(problem.field(), problem));
    }
    return new ArrayList<>(problems.values());
  }

  private static List<Problem> check(
      FlinkVersion version, String field, Map<String, String> options) {
    var findings = new Findings();
    options.forEach(new OptionTextRules(version, field, findings)::check);
    new OptionRules(version, true, field, findings).check(options);
    return findings.problems();
  }
}
