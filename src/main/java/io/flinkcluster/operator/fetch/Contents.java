package io.flinkcluster.operator.fetch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What lies below a directory.
 *
 * @param files how many, from 0
 * @param bytes of all of them
 * @param newest when one was written last; empty: there is none
 * @param metadata the {@code _metadata} files of snapshots, which each names the files it is made
 *     of
 */
record Contents(long files, long bytes, Optional<Instant> newest, List<String> metadata) {

  /** What makes a directory a complete snapshot. */
  static final String METADATA = "_metadata";

  /** Counts files. */
  static final class Count {
    private long files;
    private long bytes;
    private Instant newest = Instant.MIN;
    private final List<String> metadata = new ArrayList<>();

    void add(String path, long size, Instant written) {
      files++;
      bytes += size;
      newest = written.isAfter(newest) ? written : newest;
      if (path.endsWith("/" + METADATA)) {
        metadata.add(path);
      }
    }

    Contents contents() {
      return new Contents(
          files, bytes, files == 0 ? Optional.empty() : Optional.of(newest), List.copyOf(metadata));
    }
  }
}
