package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/** Tokens of one-off actions: the last that were served, and those that wait. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ActionsStatus(
    @JsonPropertyDescription(
            "Last served value of the annotation flinkcluster.io/savepoint; written when its savepoint has ended, well or badly: operations[] tells how. A value longer than 256 characters is cut.")
        String savepoint,
    @JsonPropertyDescription("Last served value of the annotation flinkcluster.io/restart.")
        String restart,
    @JsonPropertyDescription(
            "Tokens that were read and cannot be served yet, each with what it waits for.")
        List<String> waiting) {

  /** Nothing was ever asked for. */
  public static final ActionsStatus NONE = new ActionsStatus(null, null, null);

  /** The same with this token as the last one served. */
  public ActionsStatus withSavepoint(String token) {
    return new ActionsStatus(token, restart, waiting);
  }

  /** The same with this token as the last one served. */
  public ActionsStatus withRestart(String token) {
    return new ActionsStatus(savepoint, token, waiting);
  }

  /** The same with these waiting; null: none. */
  public ActionsStatus withWaiting(List<String> tokens) {
    return new ActionsStatus(savepoint, restart, tokens);
  }
}
