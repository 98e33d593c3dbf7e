package io.flinkcluster.operator.model;

import java.util.List;

/** The answer to "can this spec be carried out?". */
public sealed interface Admission {

  /**
   * It can.
   *
   * @param cluster the checked values
   * @param warnings what is accepted but probably not meant
   */
  record Accepted(CheckedCluster cluster, List<Problem> warnings) implements Admission {}

  /**
   * It cannot; nothing running may be touched.
   *
   * @param problems every problem found, at least one
   */
  record Refused(List<Problem> problems) implements Admission {}
}
