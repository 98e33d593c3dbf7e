package io.flinkcluster.operator.proof;

/** What becomes of a call of the operator. */
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
  /** It arrives twice; the second answer counts. */
  SENT_TWICE;

  boolean sent() {
    return this != DIES_BEFORE && this != NOT_SENT;
  }

  boolean told() {
    return this == PASSES || this == SENT_TWICE;
  }

  boolean kills() {
    return this == DIES_BEFORE || this == DIES_AFTER;
  }
}
