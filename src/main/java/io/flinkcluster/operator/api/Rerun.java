package io.flinkcluster.operator.api;

/** What a change of the spec does to a job that has come to its own end. */
public enum Rerun {
  /** It is run again, from the beginning. A change of nothing but the size does not run it. */
  OnChange,
  /** Nothing: only the annotation {@code flinkcluster.io/restart} runs it again. */
  Never
}
