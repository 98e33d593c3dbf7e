package io.flinkcluster.operator.e2e.exactlyonce;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Writes a file per checkpoint and subtask. It is {@code *.pending} until its checkpoint is
 * complete, then {@code *.done}; only the latter count.
 */
final class CommittedFiles implements Sink<String>, SupportsCommitter<String> {
  private static final long serialVersionUID = 1L;

  private final String directory;

  CommittedFiles(String directory) {
    this.directory = directory;
  }

  @Override
  public CommittingSinkWriter<String, String> createWriter(WriterInitContext context)
      throws IOException {
    Files.createDirectories(Path.of(directory));
    return new Writer(Path.of(directory));
  }

  @Override
  public Committer<String> createCommitter(CommitterInitContext context) {
    return new Renaming(Path.of(directory));
  }

  @Override
  public SimpleVersionedSerializer<String> getCommittableSerializer() {
    return new Name();
  }

  /** Keeps lines until the next checkpoint. */
  private record Writer(Path directory, List<String> lines)
      implements CommittingSinkWriter<String, String> {
    Writer(Path directory) {
      this(directory, new ArrayList<>());
    }

    @Override
    public void write(String line, Context context) {
      lines.add(line);
    }

    @Override
    public void flush(boolean endOfInput) {}

    @Override
    public Collection<String> prepareCommit() throws IOException {
      if (lines.isEmpty()) {
        return List.of();
      }
      String name = UUID.randomUUID().toString();
      Files.write(directory.resolve(name + ".pending"), lines);
      lines.clear();
      return List.of(name);
    }

    @Override
    public void close() {}
  }

  /** Makes files count. Once is enough, however often it is asked for. */
  private record Renaming(Path directory) implements Committer<String> {
    @Override
    public void commit(Collection<CommitRequest<String>> requests) throws IOException {
      for (CommitRequest<String> request : requests) {
        Path pending = directory.resolve(request.getCommittable() + ".pending");
        Path done = directory.resolve(request.getCommittable() + ".done");
        if (Files.exists(pending)) {
          Files.move(pending, done, StandardCopyOption.ATOMIC_MOVE);
        } else if (Files.exists(done)) {
          request.signalAlreadyCommitted();
        } else {
          throw new IOException(pending + " is lost");
        }
      }
    }

    @Override
    public void close() {}
  }

  /** A file's name as bytes. */
  private static final class Name implements SimpleVersionedSerializer<String> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(String name) {
      return name.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String deserialize(int version, byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
