package io.flinkcluster.operator.e2e.exactlyonce;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.io.InputStatus;

/** Sends the next number of each of its splits, rests, and begins again. */
final class Reader implements SourceReader<Tuple2<Integer, Long>, Position> {
  private static final long REST_MILLIS = 40;

  private final long end;
  private List<Position> positions = new ArrayList<>();
  private boolean all;
  private CompletableFuture<Void> available = new CompletableFuture<>();

  Reader(long end) {
    this.end = end;
  }

  @Override
  public void start() {}

  @Override
  public InputStatus pollNext(ReaderOutput<Tuple2<Integer, Long>> output) {
    var after = new ArrayList<Position>();
    boolean sent = false;
    for (Position position : positions) {
      boolean more = position.next() < end;
      if (more) {
        output.collect(Tuple2.of(position.split(), position.next()));
      }
      sent |= more;
      after.add(more ? new Position(position.split(), position.next() + 1) : position);
    }
    positions = after;
    if (all && !sent) {
      return InputStatus.END_OF_INPUT;
    }
    available =
        new CompletableFuture<Void>().completeOnTimeout(null, REST_MILLIS, TimeUnit.MILLISECONDS);
    return InputStatus.NOTHING_AVAILABLE;
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return available;
  }

  @Override
  public List<Position> snapshotState(long checkpoint) {
    return List.copyOf(positions);
  }

  @Override
  public void addSplits(List<Position> splits) {
    positions.addAll(splits);
    available.complete(null);
  }

  @Override
  public void notifyNoMoreSplits() {
    all = true;
    available.complete(null);
  }

  @Override
  public void close() {}
}
