package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Failure;
import io.flinkcluster.operator.aws.S3Objects;
import io.flinkcluster.operator.aws.S3Uri;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lists completed snapshots on S3. Checkpoints lie in a directory that belongs to one job, a
 * savepoint in one of the operation that asked for it; those of a job are numbered upwards in one
 * line, and {@code _metadata} is there only when one is complete (Flink 1.20 to 2.3).
 */
final class Snapshots {

  private static final Pattern CHECKPOINT = Pattern.compile("chk-([0-9]{1,18})");

  /** Before the number of a snapshot {@code _metadata} has a magic number and a version. */
  private static final int NUMBER_AT = 8;

  private final S3Objects objects;

  Snapshots(S3Objects objects) {
    this.objects = objects;
  }

  /**
   * A completed snapshot, or else a directory that holds anything.
   *
   * @param number in the line of its job, from 0; -1: no snapshot
   */
  record Snapshot(String directory, long number, String path) {}

  /**
   * The savepoints in a directory and the newest checkpoint in it, with the directory itself before
   * them; empty: it does not exist, or holds nothing.
   *
   * @param directory of one operation, or of one job
   * @throws Fault where it cannot be told; then nothing may start, it could begin from an older one
   */
  List<Snapshot> in(String directory) throws Fault {
    S3Uri folder = S3Uri.parse(directory);
    var found = new ArrayList<Snapshot>();
    try {
      List<String> names = objects.folders(folder);
      if (!names.isEmpty()) {
        found.add(new Snapshot(directory, -1, directory));
      }
      for (String name : names) {
        S3Uri metadata = folder.child(name + "/" + Contents.METADATA);
        if (name.startsWith("savepoint-") && objects.exists(metadata)) {
          found.add(new Snapshot(directory, numberIn(metadata), directory + "/" + name));
        }
      }
      newestCheckpoint(folder, names)
          .map(number -> new Snapshot(directory, number, directory + "/chk-" + number))
          .ifPresent(found::add);
      return found;
    } catch (S3Failure e) {
      throw Fault.of(e);
    }
  }

  private Optional<Long> newestCheckpoint(S3Uri folder, List<String> names) throws S3Failure {
    List<Long> numbers =
        names.stream()
            .map(Snapshots::number)
            .flatMap(Optional::stream)
            .sorted(Comparator.reverseOrder())
            .toList();
    for (long number : numbers) {
      if (objects.exists(folder.child("chk-" + number + "/" + Contents.METADATA))) {
        return Optional.of(number);
      }
    }
    return Optional.empty();
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
    Matcher matcher = CHECKPOINT.matcher(folder);
    return matcher.matches() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
  }
}
