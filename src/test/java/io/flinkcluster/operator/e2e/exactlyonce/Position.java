package io.flinkcluster.operator.e2e.exactlyonce;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * How far a split has come.
 *
 * @param split its number
 * @param next the number to be sent next
 */
record Position(int split, long next) implements SourceSplit {
  private static final int BYTES = Integer.BYTES + Long.BYTES;

  @Override
  public String splitId() {
    return String.valueOf(split);
  }

  private void write(ByteBuffer to) {
    to.putInt(split).putLong(next);
  }

  private static Position read(ByteBuffer from) {
    return new Position(from.getInt(), from.getLong());
  }

  /** One position as bytes. */
  static final class Format implements SimpleVersionedSerializer<Position> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(Position position) {
      ByteBuffer buffer = ByteBuffer.allocate(BYTES);
      position.write(buffer);
      return buffer.array();
    }

    @Override
    public Position deserialize(int version, byte[] bytes) {
      return read(ByteBuffer.wrap(bytes));
    }
  }

  /** Several positions as bytes. */
  static final class ManyFormat implements SimpleVersionedSerializer<Collection<Position>> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(Collection<Position> positions) {
      ByteBuffer buffer = ByteBuffer.allocate(BYTES * positions.size());
      positions.forEach(position -> position.write(buffer));
      return buffer.array();
    }

    @Override
    public Collection<Position> deserialize(int version, byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      var positions = new ArrayList<Position>();
      while (buffer.hasRemaining()) {
        positions.add(read(buffer));
      }
      return positions;
    }
  }
}
