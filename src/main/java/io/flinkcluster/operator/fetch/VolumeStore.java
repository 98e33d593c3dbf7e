package io.flinkcluster.operator.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Directories on a volume that is mounted. Links are not followed. */
final class VolumeStore implements Store {

  private static Path path(String directory) {
    return Path.of(URI.create(directory).getPath());
  }

  private static Fault fault(String what, IOException e) {
    return new Fault(what + ": " + e, false, e);
  }

  @Override
  public List<String> folders(String directory) throws Fault {
    var names = new ArrayList<String>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(path(directory), VolumeStore::isFolder)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw fault(directory + " cannot be listed", e);
    }
    Collections.sort(names);
    return names;
  }

  private static boolean isFolder(Path entry) {
    return Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public Contents contents(String directory) throws Fault {
    Path top = path(directory);
    var count = new Contents.Count();
    try {
      Files.walkFileTree(
          top,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              count.add(
                  directory + "/" + top.relativize(file),
                  attributes.size(),
                  attributes.lastModifiedTime().toInstant());
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE; // a job that runs has just removed it
              }
              throw e;
            }
          });
    } catch (IOException e) {
      throw fault(directory + " cannot be listed", e);
    }
    return count.contents();
  }

  @Override
  public Optional<InputStream> open(String file) throws Fault {
    try {
      return Optional.of(Files.newInputStream(path(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw fault(file + " cannot be read", e);
    }
  }

  @Override
  public void delete(String directory) throws Fault {
    try {
      Removal.tree(path(directory));
    } catch (IOException e) {
      throw fault(directory + " cannot be deleted", e);
    }
  }

  @Override
  public void close() {
    // nothing is open
  }
}
