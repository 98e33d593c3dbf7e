package io.flinkcluster.operator.e2e.exactlyonce;

import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** The numbers from 0 in each split; how far a split has come is in the checkpoints. */
final class Numbers implements Source<Tuple2<Integer, Long>, Position, Collection<Position>> {
  /** How many sequences there are; more than subtasks, so that they move when it is rescaled. */
  static final int SPLITS = 8;

  private static final long serialVersionUID = 1L;

  private final long end;

  /** Each split ends before this number. */
  Numbers(long end) {
    this.end = end;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SplitEnumerator<Position, Collection<Position>> createEnumerator(
      SplitEnumeratorContext<Position> context) {
    List<Position> all = IntStream.range(0, SPLITS).mapToObj(i -> new Position(i, 0)).toList();
    return new Distribution(context, all);
  }

  @Override
  public SplitEnumerator<Position, Collection<Position>> restoreEnumerator(
      SplitEnumeratorContext<Position> context, Collection<Position> left) {
    return new Distribution(context, left);
  }

  @Override
  public SourceReader<Tuple2<Integer, Long>, Position> createReader(SourceReaderContext context) {
    return new Reader(end);
  }

  @Override
  public SimpleVersionedSerializer<Position> getSplitSerializer() {
    return new Position.Format();
  }

  @Override
  public SimpleVersionedSerializer<Collection<Position>> getEnumeratorCheckpointSerializer() {
    return new Position.ManyFormat();
  }
}
