package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.model.Ids;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The configuration of one start: an immutable, sorted map of option to value and origin.
 *
 * @param settings by option, sorted
 */
public record FlinkConfig(SortedMap<String, Setting> settings) {

  /**
   * A value and who said it.
   *
   * @param value as Flink reads it, not escaped; may be empty
   * @param origin who said it
   */
  public record Setting(String value, Origin origin) {}

  /** Copies the map. */
  public FlinkConfig {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  /** The value of an option; empty where it is not rendered. */
  public Optional<String> get(String key) {
    return Optional.ofNullable(settings.get(key)).map(Setting::value);
  }

  /** The options and values alone. */
  public SortedMap<String, String> values() {
    var values = new TreeMap<String, String>();
    settings.forEach((key, setting) -> values.put(key, setting.value()));
    return values;
  }

  /**
   * The file {@code config.yaml}: flat, sorted, one option per line, every value a double-quoted
   * scalar, so that no value can change its type or add a line.
   */
  public String toYaml() {
    var yaml = new StringBuilder();
    values().forEach((key, value) -> yaml.append(YamlLine.of(key, value)).append('\n'));
    return yaml.toString();
  }

  /** Changes exactly when {@link #toYaml()} changes: SHA-256 in hex. */
  public String hash() {
    return Ids.hex(toYaml());
  }

  /** Options of one origin, for people. */
  public Map<String, String> of(Origin origin) {
    var values = new TreeMap<String, String>();
    settings.forEach(
        (key, setting) -> {
          if (setting.origin() == origin) {
            values.put(key, setting.value());
          }
        });
    return values;
  }
}
