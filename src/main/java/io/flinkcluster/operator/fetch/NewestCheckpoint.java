package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Failure;
import io.flinkcluster.operator.aws.S3Objects;
import io.flinkcluster.operator.aws.S3Uri;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for the newest completed snapshot of one job. Checkpoints lie in a directory that belongs
 * to that job alone, a savepoint in one of the operation that asked for it; both are numbered
 * upwards in one line, and {@code _metadata} is there only when one is complete (Flink 1.20 to
 * 2.3).
 */
final class NewestCheckpoint {

  private static final Pattern FOLDER = Pattern.compile("chk-([0-9]{1,18})");

  private static final String METADATA = "_metadata";

  /** Before the number of a snapshot {@code _metadata} has a magic number and a version. */
  private static final int NUMBER_AT = 8;

  private final S3Objects objects;

  NewestCheckpoint(S3Objects objects) {
    this.objects = objects;
  }

  /**
   * A completed snapshot.
   *
   * @param number in the line of its job
   */
  record Snapshot(String path, long number, boolean savepoint) {}

  /**
   * The savepoint in a directory, or else the newest checkpoint in it; empty: none that is newer.
   *
   * @param directory of one operation, or of one job
   * @param known only checkpoints with numbers above this count; -1: all
   * @throws Fault where it cannot be told; then nothing may start, it could begin from an older one
   */
  Optional<Snapshot> in(String directory, long known) throws Fault {
    S3Uri folder = S3Uri.parse(directory);
    try {
      List<String> names = objects.folders(folder);
      for (String name : names) {
        S3Uri metadata = folder.child(name + "/" + METADATA);
        if (name.startsWith("savepoint-") && objects.exists(metadata)) {
          return Optional.of(new Snapshot(directory + "/" + name, numberIn(metadata), true));
        }
      }
      List<Long> numbers =
          names.stream()
              .map(NewestCheckpoint::number)
              .flatMap(Optional::stream)
              .filter(number -> number > known)
              .sorted(Comparator.reverseOrder())
              .toList();
      for (long number : numbers) {
        String name = "chk-" + number;
        if (objects.exists(folder.child(name + "/" + METADATA))) {
          return Optional.of(new Snapshot(directory + "/" + name, number, false));
        }
      }
      return Optional.empty();
    } catch (S3Failure e) {
      throw Fault.of(e);
    }
  }

  private long numberIn(S3Uri metadata) throws S3Failure, Fault {
    try (InputStream body = objects.open(metadata).body()) {
      byte[] head = body.readNBytes(NUMBER_AT + Long.BYTES);
      if (head.length < NUMBER_AT + Long.BYTES) {
        throw Fault.lasting(metadata + " is cut off");
      }
      return ByteBuffer.wrap(head).getLong(NUMBER_AT);
    } catch (IOException e) {
      throw new Fault(metadata + " cannot be read: " + e.getMessage(), true, e);
    }
  }

  private static Optional<Long> number(String folder) {
    Matcher matcher = FOLDER.matcher(folder);
    return matcher.matches() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
  }
}
