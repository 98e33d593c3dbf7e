package io.flinkcluster.operator.flinkconf;

/** Who said that an option has its value; a later origin wins over an earlier one. */
public enum Origin {
  /** What the operator renders for every cluster of a Flink version unless someone says else. */
  PROFILE("operator, unless told otherwise"),
  /** The operator's own settings. */
  DEFAULTS("operator settings"),
  /** {@code spec.flinkConfiguration}. */
  USER("spec.flinkConfiguration"),
  /** A typed field of the spec. */
  SPEC("spec"),
  /** The operator alone; nobody may say else. */
  OPERATOR("operator");

  private final String label;

  Origin(String label) {
    this.label = label;
  }

  /** For people. */
  public String label() {
    return label;
  }
}
