package io.flinkcluster.operator.model;

/**
 * One thing that is wrong with a resource.
 *
 * @param field path of the field, for instance {@code spec.job.parallelism}
 * @param value the value as written; empty where it is missing or secret
 * @param reason what is wrong with it
 * @param remedy what to write instead
 */
public record Problem(String field, String value, String reason, String remedy) {

  /** The problem as one line: field, value, reason, remedy. */
  public String message() {
    return field + (value.isEmpty() ? "" : " (" + value + ")") + ": " + reason + "; " + remedy;
  }
}
