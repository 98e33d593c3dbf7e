package io.flinkcluster.operator.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Writes a jar to a file that is there only when it is whole. */
final class JarFetch {

  /** Bytes that a jar may have: 1 GiB. The volume it is written to is a little larger. */
  static final long MOST = 1L << 30;

  private static final int BUFFER = 64 * 1024;

  private final long most;

  JarFetch() {
    this(MOST);
  }

  JarFetch(long most) {
    this.most = most;
  }

  /** Where the bytes come from. */
  interface Source {
    Download open() throws Fault;
  }

  /**
   * Fetches it.
   *
   * @param name for messages
   * @return its size in bytes
   */
  long fetch(String name, Source source, Path target) throws Fault {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Download download = source.open();
    long size;
    try (InputStream body = download.body()) {
      if (download.length() > most) {
        throw tooLarge(name);
      }
      size = copy(name, body, part);
    } catch (IOException e) {
      throw new Fault(name + ": the transfer broke off: " + e.getMessage(), true, e);
    }
    if (download.length() >= 0 && size != download.length()) {
      throw Fault.passing(
          name + ": only " + size + " of " + download.length() + " bytes came; the transfer broke");
    }
    checkArchive(name, part);
    move(part, target);
    return size;
  }

  private long copy(String name, InputStream body, Path part) throws Fault, IOException {
    var buffer = new byte[BUFFER];
    long size = 0;
    try (OutputStream out = opened(part)) {
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        size += read;
        if (size > most) {
          throw tooLarge(name);
        }
        write(out, buffer, read);
      }
    }
    return size;
  }

  private static OutputStream opened(Path part) throws Fault {
    try {
      return Files.newOutputStream(part);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static void write(OutputStream out, byte[] buffer, int length) throws Fault {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static Fault unwritable(IOException e) {
    return new Fault("the pod's volume cannot be written: " + e.getMessage(), false, e);
  }

  private Fault tooLarge(String name) {
    return Fault.lasting(
        name
            + ": is larger than "
            + most / (1 << 20)
            + " MiB; put a jar of that size into the image");
  }

  /** Opens it as Java does: its directory is at its end, so a part of a jar is none. */
  private static void checkArchive(String name, Path part) throws Fault {
    try (var archive = new ZipFile(part.toFile())) {
      if (archive.size() == 0) {
        throw Fault.lasting(name + ": is an empty archive");
      }
    } catch (ZipException e) {
      throw new Fault(name + ": is not a jar: " + e.getMessage(), false, e);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static void move(Path part, Path target) throws Fault {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }
}
