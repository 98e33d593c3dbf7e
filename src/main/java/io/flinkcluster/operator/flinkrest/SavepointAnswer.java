package io.flinkcluster.operator.flinkrest;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkcluster.operator.flinkrest.RemoteFailure.Kind;
import io.flinkcluster.operator.model.SafeText;
import io.flinkcluster.operator.model.SavepointProgress;
import io.flinkcluster.operator.model.SavepointProgress.Completed;
import io.flinkcluster.operator.model.SavepointProgress.Failed;
import io.flinkcluster.operator.model.SavepointProgress.InProgress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Flink's answer about a savepoint. Of a failure only the texts {@code class} and {@code
 * stack-trace} are read: {@code serialized-throwable} holds Java objects made by a user's code.
 */
final class SavepointAnswer {

  /**
   * The line of a stack trace by which Flink says that the savepoint is complete although the job
   * failed while stopping ({@code StopWithSavepointTerminationHandlerImpl}, 1.20.3 and 2.3.0). It
   * is the only place where Flink names the path then. Must be a line of its own, so that the
   * message of another exception does not pass for it within a line.
   */
  private static final Pattern WRITTEN =
      Pattern.compile(
          "(?m)^(?:Caused by: )?[\\w.]*StopWithSavepointStoppingException: "
              + "A savepoint has been created at: (.{1,2000}?), but the corresponding job ");

  private SavepointAnswer() {}

  static SavepointProgress read(String triggerId, JsonNode answer) {
    String status = Fields.text(Fields.object(answer, "status"), "id");
    if (status.equals("IN_PROGRESS")) {
      return new InProgress(triggerId);
    }
    if (!status.equals("COMPLETED")) {
      throw broken();
    }
    JsonNode operation = Fields.object(answer, "operation");
    JsonNode cause = operation.path("failure-cause");
    if (cause.isObject()) {
      return failed(triggerId, cause);
    }
    return Fields.path(operation, "location")
        .map(location -> new Completed(triggerId, location))
        .orElseThrow(SavepointAnswer::broken);
  }

  private static Failed failed(String triggerId, JsonNode cause) {
    String trace = cause.path("stack-trace").asText("");
    String name = cause.path("class").asText("");
    String message = trace.isBlank() ? SafeText.line(name) : SafeText.ofTrace(trace);
    var written = WRITTEN.matcher(trace);
    Optional<String> path = written.find() ? Fields.path(written.group(1)) : Optional.empty();
    return new Failed(triggerId, message, path);
  }

  private static RemoteFailure broken() {
    return new RemoteFailure(
        Kind.BROKEN_ANSWER, "not an answer of Flink: neither progress nor result of a savepoint");
  }
}
