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

  /** The value of an option; empty where it is not rendered or stands in a Secret. */
  public Optional<String> get(String key) {
    return Optional.ofNullable(values().get(key));
  }

  /** The options and values alone, without those that stand in Secrets. */
  public SortedMap<String, String> values() {
    var values = new TreeMap<String, String>();
    settings.forEach(
        (key, setting) -> {
          if (SecretReference.of(setting.value()).isEmpty()) {
            values.put(key, setting.value());
          }
        });
    return values;
  }

  /** The options whose values stand in Secrets, and where. */
  public SortedMap<String, SecretReference> secrets() {
    var secrets = new TreeMap<String, SecretReference>();
    settings.forEach(
        (key, setting) ->
            SecretReference.of(setting.value()).ifPresent(secret -> secrets.put(key, secret)));
    return secrets;
  }

  /**
   * The file {@code config.yaml}: flat, sorted, one option per line, every value a double-quoted
   * scalar, so that no value can change its type or add a line. What stands in Secrets is added in
   * the pod.
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
