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

  /** What becomes of a call. */
  enum Fate {
    /** It is made and answered. */
    PASSES,
    /** The process dies before it. */
    DIES_BEFORE,
    /** It has its effect, and the process dies before the answer. */
    DIES_AFTER,
    /** It has its effect, and the connection breaks before the answer. */
    ANSWER_LOST,
    /** The connection breaks before it has an effect. */
    NOT_SENT,
    /**
     * The client sends it again by itself, as the answer did not come; the second answer counts.
     */
    SENT_TWICE,
    /** 409 of the API server. */
    CONFLICT,
    /** 404. */
    NOT_FOUND,
    /** 410. */
    GONE,
    /** 422. */
    INVALID,
    /** 429. */
    TOO_MANY,
    /** 403. */
    FORBIDDEN,
    /** 500. */
    FAILS,
    /** 503. */
    UNAVAILABLE
  }

  Interference NONE = call -> Fate.PASSES;

  Fate of(Call call);
}
