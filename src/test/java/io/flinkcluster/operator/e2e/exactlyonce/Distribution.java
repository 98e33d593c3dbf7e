package io.flinkcluster.operator.e2e.exactlyonce;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/** Gives every reader its share of the splits that nobody has. */
final class Distribution implements SplitEnumerator<Position, Collection<Position>> {
  private final SplitEnumeratorContext<Position> context;
  private final List<Position> left;

  Distribution(SplitEnumeratorContext<Position> context, Collection<Position> left) {
    this.context = context;
    this.left = new ArrayList<>(left);
  }

  @Override
  public void start() {}

  @Override
  public void handleSplitRequest(int reader, String host) {}

  @Override
  public void addSplitsBack(List<Position> splits, int reader) {
    left.addAll(splits);
    context.registeredReaders().keySet().forEach(this::assign);
  }

  @Override
  public void addReader(int reader) {
    assign(reader);
    context.signalNoMoreSplits(reader);
  }

  private void assign(int reader) {
    List<Position> share =
        left.stream().filter(p -> p.split() % context.currentParallelism() == reader).toList();
    share.forEach(position -> context.assignSplit(position, reader));
    left.removeAll(share);
  }

  @Override
  public Collection<Position> snapshotState(long checkpoint) {
    return List.copyOf(left);
  }

  @Override
  public void close() {}
}
