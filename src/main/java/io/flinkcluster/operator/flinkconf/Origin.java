package io.flinkcluster.operator.flinkconf;

/** Who said that an option has its value; a later origin wins over an earlier one. */
public enum Origin {
  /** What the operator renders for every cluster of a Flink version unless someone says else. */
  PROFILE,
  /** {@code spec.flinkConfiguration}. */
  USER,
  /** A typed field of the spec. */
  SPEC,
  /** The operator alone; nobody may say else. */
  OPERATOR
}
