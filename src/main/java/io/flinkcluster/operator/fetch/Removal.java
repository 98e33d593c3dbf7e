package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.aws.S3Failure;
import io.flinkcluster.operator.aws.S3Objects;
import io.flinkcluster.operator.aws.S3Uri;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes everything whose path begins with a prefix: what starts of a deleted cluster left in a
 * directory that other clusters may share. A prefix that ends in a slash would be a whole
 * directory, and is refused.
 */
final class Removal {

  private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

  private final S3Access access;
  private final Attempts attempts;

  Removal(S3Access access, Attempts attempts) {
    this.access = access;
    this.attempts = attempts;
  }

  /**
   * Removes it.
   *
   * @param prefix {@code s3://bucket/folder/name-} or {@code file:///folder/name-}
   * @throws Fault where something is left
   */
  void of(String prefix) throws Fault {
    if (prefix.endsWith("/") || prefix.contains("/../")) {
      throw Fault.lasting(prefix + ": is not a prefix of a name");
    }
    int removed =
        prefix.startsWith("s3") ? attempts.of(() -> onS3(S3Uri.parse(prefix))) : files(prefix);
    LOG.info("Removed {} that begin with {}", removed, prefix);
  }

  private int onS3(S3Uri prefix) throws Fault {
    try (var objects = S3Objects.connect(access)) {
      return objects.tree().deleteAll(prefix);
    } catch (S3Failure e) {
      throw Fault.of(e);
    }
  }

  private static int files(String prefix) throws Fault {
    Path path = Path.of(URI.create(prefix).getPath());
    String begin = path.getFileName().toString();
    int removed = 0;
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            path.getParent(), entry -> entry.getFileName().toString().startsWith(begin))) {
      for (Path entry : entries) {
        tree(entry);
        removed++;
      }
    } catch (NoSuchFileException e) {
      LOG.info("There is no {}", path.getParent()); // nothing was ever written
    } catch (IOException e) {
      throw new Fault(prefix + ": cannot be removed: " + e.getMessage(), false, e);
    }
    return removed;
  }

  static void tree(Path top) throws IOException {
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
