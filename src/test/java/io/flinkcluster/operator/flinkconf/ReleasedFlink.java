package io.flinkcluster.operator.flinkconf;

import io.flinkcluster.operator.api.FlinkVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The released jars of one Flink version in a class loader of their own, so that several versions
 * can be asked in one process.
 */
public final class ReleasedFlink {

  private static final Path FOLDER = Path.of("target", "flink");
  private static final Map<FlinkVersion, ReleasedFlink> ALL = new EnumMap<>(FlinkVersion.class);

  private final List<Path> jars;
  private final ClassLoader loader;

  private ReleasedFlink(FlinkVersion version) {
    this.jars = list(FOLDER.resolve(version.minor()));
    var databases =
        Stream.of(version == FlinkVersion.V1_20 ? "rocksdb-1" : "rocksdb-2", "forstdb")
            .map(FOLDER::resolve);
    URL[] urls =
        Stream.concat(jars.stream(), databases).map(ReleasedFlink::url).toArray(URL[]::new);
    this.loader = new URLClassLoader(urls, new WithoutFlink());
  }

  /** The released jars of a version; loaded once. */
  public static synchronized ReleasedFlink of(FlinkVersion version) {
    return ALL.computeIfAbsent(version, ReleasedFlink::new);
  }

  /** The jars themselves. */
  public List<Path> jars() {
    return jars;
  }

  /** Loads a class of this version. */
  public Class<?> load(String name) {
    try {
      return Class.forName(name, true, loader);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("run mvn generate-test-resources", e);
    }
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The class path of the tests, without the Flink that is on it. */
  private static final class WithoutFlink extends ClassLoader {
    WithoutFlink() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("org.apache.flink.")) {
        throw new ClassNotFoundException(name);
      }
      return ReleasedFlink.class.getClassLoader().loadClass(name);
    }
  }
}
