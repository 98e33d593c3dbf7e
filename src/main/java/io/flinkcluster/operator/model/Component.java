package io.flinkcluster.operator.model;

/** The two kinds of Flink process. */
public enum Component {
  /** Coordinates the job. */
  JOB_MANAGER("jobmanager"),
  /** Runs the job's tasks. */
  TASK_MANAGER("taskmanager");

  private final String label;

  Component(String label) {
    this.label = label;
  }

  /** Value of the label {@code app.kubernetes.io/component}, and part of object names. */
  public String label() {
    return label;
  }
}
