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
   * @param source where, for people: a field of the spec, or a word
   */
  public record Setting(String value, Origin origin, String source) {
    /** A value whose source is its origin. */
    public Setting(String value, Origin origin) {
      this(value, origin, origin.label());
    }
  }

  /** Copies the map. */
  public FlinkConfig {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
  }

  /** The value of an option; empty where it is not rendered or stands in a Secret. */
  public Optional<String> get(String key) {
    return Optional.ofNullable(settings.get(key))
        .map(Setting::value)
        .filter(value -> SecretReference.of(value).isEmpty());
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

  /**
   * Every option with its value and where that comes from, as YAML for people; what is secret is
   * told by where it stands.
   */
  public String describe() {
    var yaml = new StringBuilder();
    settings.forEach(
        (key, setting) ->
            yaml.append(key)
                .append(": ")
                .append(YamlLine.quoted(shown(key, setting.value())))
                .append(" # ")
                .append(setting.source())
                .append('\n'));
    return yaml.toString();
  }

  private static String shown(String key, String value) {
    boolean hidden =
        SensitiveOptions.contains(key) && !value.isEmpty() && SecretReference.of(value).isEmpty();
    return hidden ? "******" : value;
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
