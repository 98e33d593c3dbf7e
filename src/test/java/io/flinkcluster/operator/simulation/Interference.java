package io.flinkcluster.operator.simulation;

/** What happens to the calls of one process of the operator. */
interface Interference {
  /**
   * A call that is about to be made.
   *
   * @param number of this process, from 1
   * @param what in words: verb and kind of object, or a request to Flink
   * @param writes whether it is to change something
   */
  record Call(int number, String what, boolean writes) {}

  Interference NONE = call -> Fate.PASSES;

  Fate of(Call call);
}
