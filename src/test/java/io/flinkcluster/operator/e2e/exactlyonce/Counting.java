package io.flinkcluster.operator.e2e.exactlyonce;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Counts the numbers of each key in keyed state. */
final class Counting extends KeyedProcessFunction<String, Tuple2<Integer, Long>, String> {
  /** Keys of each split: its numbers take turns. */
  static final int KEYS = 16;

  private static final long serialVersionUID = 1L;

  private transient ValueState<Long> count;

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
}
