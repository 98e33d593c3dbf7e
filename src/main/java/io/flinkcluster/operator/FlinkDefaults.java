package io.flinkcluster.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkcluster.operator.admit.DefaultRules;
import io.flinkcluster.operator.api.FlinkVersion;
import io.flinkcluster.operator.flinkconf.DefaultOptions;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads the options of Flink that the operator's settings say for every cluster. */
final class FlinkDefaults {

  static final String FOR_ALL = "DEFAULT_FLINK_CONFIGURATION";
  static final String BY_VERSION = "DEFAULT_FLINK_CONFIGURATION_BY_VERSION";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, String>> OPTIONS = new TypeReference<>() {};
  private static final TypeReference<Map<String, Map<String, String>>> BY_VERSION_OPTIONS =
      new TypeReference<>() {};

  private FlinkDefaults() {}

  /**
   * Reads two JSON objects: options and values, and the same by version.
   *
   * @param problems takes what is wrong with them
   */
  static DefaultOptions read(String forAll, String byVersion, List<String> problems) {
    var versions = new EnumMap<FlinkVersion, Map<String, String>>(FlinkVersion.class);
    json(BY_VERSION, byVersion, BY_VERSION_OPTIONS, problems)
        .forEach(
            (minor, options) ->
                Arrays.stream(FlinkVersion.values())
                    .filter(version -> version.minor().equals(minor))
                    .findFirst()
                    .ifPresentOrElse(
                        version -> versions.put(version, options),
                        () -> problems.add(BY_VERSION + " holds '" + minor + "', no version")));
    var defaults = new DefaultOptions(json(FOR_ALL, forAll, OPTIONS, problems), versions);
    DefaultRules.check(defaults, FOR_ALL, BY_VERSION)
        .forEach(problem -> problems.add(problem.message()));
    return defaults;
  }

  private static <T> Map<String, T> json(
      String name, String text, TypeReference<Map<String, T>> type, List<String> problems) {
    try {
      Map<String, T> options = MAPPER.readValue(text, type);
      if (options == null || options.containsValue(null)) {
        problems.add(name + " holds no value for some option");
        return Map.of();
      }
      return options;
    } catch (JsonProcessingException e) {
      // Without its words, which would repeat what may be secret.
      problems.add(name + " is not the JSON of options and values");
      return Map.of();
    }
  }
}
