package io.flinkcluster.operator.api;

/** Whether the size of a job follows its load. */
public enum AutoscalingMode {
  /** Nothing is evaluated; the size is that of the spec. */
  Off,
  /** Evaluated and told, never done. */
  Recommend,
  /** Evaluated, told and done. */
  Apply
}
