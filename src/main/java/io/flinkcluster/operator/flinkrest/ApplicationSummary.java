package io.flinkcluster.operator.flinkrest;

/**
 * One line of Flink's list of applications.
 *
 * @param id 32 hex digits
 * @param state Flink's state of the application, for instance {@code RUNNING}
 * @param jobs how many jobs it has submitted, ended ones too
 */
public record ApplicationSummary(String id, String state, int jobs) {

  /** Whether its main method has come to its end, and all its jobs. */
  public boolean ended() {
    return state.equals("FINISHED") || state.equals("CANCELED") || state.equals("FAILED");
  }
}
