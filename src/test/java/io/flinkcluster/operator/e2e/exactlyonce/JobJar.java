package io.flinkcluster.operator.e2e.exactlyonce;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** The {@link VerifyingJob} as a jar. */
public final class JobJar {
  private JobJar() {}

  /** The classes of this package, some ten kilobytes. */
  public static byte[] bytes() {
    return bytes(JobJar.class);
  }

  /** The classes of another package of tests. */
  public static byte[] bytes(Class<?> one) {
    try {
      Path root = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path of = root.resolve(one.getPackageName().replace('.', '/'));
      var bytes = new ByteArrayOutputStream();
      try (var jar = new JarOutputStream(bytes);
          Stream<Path> files = Files.list(of)) {
        for (Path file : List.copyOf(files.sorted().toList())) {
          jar.putNextEntry(new JarEntry(root.relativize(file).toString()));
          jar.write(Files.readAllBytes(file));
        }
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
