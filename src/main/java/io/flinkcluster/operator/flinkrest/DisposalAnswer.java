package io.flinkcluster.operator.flinkrest;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkcluster.operator.flinkrest.DisposalProgress.State;
import io.flinkcluster.operator.flinkrest.RemoteFailure.Kind;
import io.flinkcluster.operator.model.SafeText;
import java.util.regex.Pattern;

/** Flink's answer about the deletion of a savepoint. */
final class DisposalAnswer {

  /**
   * How Flink says that there is no savepoint at a path ({@code
   * AbstractFsCheckpointStorageAccess#resolveCheckpointPointer}, 1.20.5 and 2.3.0): nothing at all,
   * or a directory without its metadata, which is the first file that a deletion removes.
   */
  private static final Pattern NONE =
      Pattern.compile(
          "(?m)^(?:Caused by: )?java\\.io\\.FileNotFoundException: Cannot find "
              + "(?:checkpoint or savepoint file/directory|meta data file) ");

  private DisposalAnswer() {}

  static DisposalProgress read(JsonNode answer) {
    String status = Fields.text(Fields.object(answer, "status"), "id");
    if (status.equals("IN_PROGRESS")) {
      return new DisposalProgress(State.IN_PROGRESS, "");
    }
    if (!status.equals("COMPLETED")) {
      throw new RemoteFailure(
          Kind.BROKEN_ANSWER, "not an answer of Flink: neither progress nor result of a deletion");
    }
    JsonNode cause = Fields.object(answer, "operation").path("failure-cause");
    if (!cause.isObject()) {
      return new DisposalProgress(State.GONE, "");
    }
    String trace = cause.path("stack-trace").asText("");
    if (NONE.matcher(trace).find()) {
      return new DisposalProgress(State.GONE, "");
    }
    String name = cause.path("class").asText("");
    return new DisposalProgress(
        State.FAILED, trace.isBlank() ? SafeText.line(name) : SafeText.ofTrace(trace));
  }
}
