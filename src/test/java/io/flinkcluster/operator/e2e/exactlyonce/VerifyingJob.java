package io.flinkcluster.operator.e2e.exactlyonce;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Counts from 0 in each of {@link Numbers#SPLITS} splits and writes a line {@code split number
 * count} for each number, where count is how many numbers of the same key were seen so far.
 */
public final class VerifyingJob {
  private VerifyingJob() {}

  /**
   * Runs it.
   *
   * @param args directory of the output; number at which each split ends; where it is given, a
   *     buffer timeout of the job's own in milliseconds
   */
  public static void main(String[] args) throws Exception {
    var environment = StreamExecutionEnvironment.getExecutionEnvironment();
    if (args.length > 2) {
      environment.setBufferTimeout(Long.parseLong(args[2]));
    }
    environment
        .fromSource(
            new Numbers(Long.parseLong(args[1])),
            WatermarkStrategy.noWatermarks(),
            "numbers",
            Types.TUPLE(Types.INT, Types.LONG))
        .uid("numbers")
        .keyBy(Counting::key, Types.STRING)
        .process(new Counting(args[0]))
        .returns(Types.STRING)
        .uid("counting")
        .sinkTo(new CommittedFiles(args[0]))
        .uid("files");
    environment.execute("exactly once");
  }
}
