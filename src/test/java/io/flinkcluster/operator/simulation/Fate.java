package io.flinkcluster.operator.simulation;

import java.util.LinkedHashMap;
import java.util.Map;

/** What becomes of a call of the operator; the refusals only in the simulated world. */
public enum Fate {
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
  /** The client sends it again by itself, as the answer did not come; the second answer counts. */
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
  UNAVAILABLE;

  /** Those that an operator must outlive at every call, in words, each as often as the others. */
  public static Map<String, Fate> disturbances() {
    var all = new LinkedHashMap<String, Fate>();
    all.put("killed before", DIES_BEFORE);
    all.put("killed after", DIES_AFTER);
    all.put("answer lost", ANSWER_LOST);
    all.put("not sent", NOT_SENT);
    all.put("sent twice", SENT_TWICE);
    return all;
  }

  /** Whether the operator hears of the effect. */
  public boolean told() {
    return this == PASSES || this == SENT_TWICE;
  }

  /** Whether the process ends with it. */
  public boolean kills() {
    return this == DIES_BEFORE || this == DIES_AFTER;
  }
}
