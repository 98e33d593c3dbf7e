package io.flinkcluster.operator.e2e.exactlyonce;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Counts the numbers of each key in keyed state. While the file {@code hold} lies beside the
 * output, no snapshot comes to its end.
 */
final class Counting extends KeyedProcessFunction<String, Tuple2<Integer, Long>, String>
    implements CheckpointedFunction {
  /** Keys of each split: its numbers take turns. */
  static final int KEYS = 16;

  private static final long serialVersionUID = 1L;

  private static final long LOOK = 50; // ms

  private final String output;
  private transient ValueState<Long> count;

  Counting(String output) {
    this.output = output;
  }

  static String key(Tuple2<Integer, Long> number) {
    return number.f0 + "/" + number.f1 % KEYS;
  }

  @Override
  public void open(OpenContext context) {
    count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
  }

  @Override
  public void processElement(Tuple2<Integer, Long> number, Context context, Collector<String> out)
      throws Exception {
    Long before = count.value();
    long now = before == null ? 1 : before + 1;
    count.update(now);
    out.collect(number.f0 + " " + number.f1 + " " + now);
  }

  @Override
  public void initializeState(FunctionInitializationContext context) {
    // its state is keyed
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws InterruptedException {
    while (Files.exists(Path.of(output).resolveSibling("hold"))) {
      Thread.sleep(LOOK);
    }
  }
}
