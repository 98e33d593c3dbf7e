package io.flinkcluster.operator.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives for tests. */
final class Jars {

  private Jars() {}

  /** An archive with one file of this size, which cannot be compressed. */
  static byte[] jar(String name, int size) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(name));
      var content = new byte[size];
      new Random(1).nextBytes(content);
      zip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
