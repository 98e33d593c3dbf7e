package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.FlinkVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A configuration file as one Flink version reads it with its own loader. */
public final class ReleasedConfiguration {

  private final ReleasedFlink flink;
  private final Object configuration;

  private ReleasedConfiguration(ReleasedFlink flink, Object configuration) {
    this.flink = flink;
    this.configuration = configuration;
  }

  /** Reads the text of a {@code config.yaml}. */
  public static ReleasedConfiguration read(FlinkVersion version, String yaml) {
    var flink = ReleasedFlink.of(version);
    try {
      Path directory = Files.createTempDirectory("conf");
      Path file = directory.resolve("config.yaml");
      try {
        Files.writeString(file, yaml);
        Class<?> loader = flink.load("org.apache.flink.configuration.GlobalConfiguration");
        return new ReleasedConfiguration(
            flink,
            loader.getMethod("loadConfiguration", String.class).invoke(null, directory.toString()));
      } finally {
        Files.delete(file);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What it found, as text. */
  public Map<?, ?> toMap() {
    try {
      return (Map<?, ?>) configuration.getClass().getMethod("toMap").invoke(configuration);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The value of an option.
   *
   * @param constant Flink's own constant
   * @throws IllegalArgumentException where Flink cannot read it
   */
  public Optional<Object> get(Object constant) {
    try {
      Class<?> type = flink.load("org.apache.flink.configuration.ConfigOption");
      return Optional.ofNullable(
          configuration.getClass().getMethod("get", type).invoke(configuration, constant));
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
