package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.JobStatus;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.StepStatus;
import io.flinkcluster.operator.decide.Decider;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.report.Conditions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What one cluster is doing, why, since when, and what comes next; from its resource alone.
 *
 * @param cluster {@code namespace/name}
 * @param doing the phase, and the operation with its stage where one is under way
 * @param why what was asked for, or why it is not ready
 * @param since RFC 3339 in UTC; null: not known
 * @param next what happens next, by itself or when a person acts
 * @param ready as the condition says
 * @param stalled whether nothing happens until a person acts
 * @param details lines of a label and a text, for people
 */
record StatusPage(
    String cluster,
    String doing,
    String why,
    String since,
    String next,
    boolean ready,
    boolean stalled,
    List<List<String>> details) {

  /** The page as it is at this moment. */
  static StatusPage of(FlinkCluster cluster, Instant now) {
    FlinkClusterStatus status = cluster.getStatus();
    var meta = cluster.getMetadata();
    String name = meta.getNamespace() + "/" + meta.getName();
    boolean ready = NextStep.holds(status, Conditions.READY) && !NextStep.unseen(cluster);
    String next = NextStep.of(cluster);
    if (status == null || status.phase() == null) {
      return new StatusPage(
          name,
          "Pending",
          "the operator has not looked at it yet",
          null,
          next,
          false,
          false,
          List.of());
    }
    OperationStatus operation = status.operation();
    return new StatusPage(
        name,
        doing(status),
        operation != null && operation.trigger() != null
            ? operation.trigger()
            : NextStep.message(status, Conditions.READY),
        since(status),
        next,
        ready,
        NextStep.holds(status, Conditions.STALLED),
        details(cluster, now));
  }

  private static String doing(FlinkClusterStatus status) {
    OperationStatus operation = status.operation();
    return operation == null
        ? status.phase().name()
        : status.phase() + ": " + operation.type() + ", " + operation.stage();
  }

  private static String since(FlinkClusterStatus status) {
    if (status.operation() != null) {
      return status.operation().startedAt();
    }
    return Conditions.find(status, Conditions.READY)
        .map(Condition::lastTransitionTime)
        .orElse(null);
  }

  private static List<List<String>> details(FlinkCluster cluster, Instant now) {
    FlinkClusterStatus status = cluster.getStatus();
    var lines = new ArrayList<List<String>>();
    operation(status.operation(), now).ifPresent(text -> lines.add(List.of("Operation", text)));
    Optional.ofNullable(status.job()).ifPresent(job -> lines.add(List.of("Job", job(job))));
    Optional.ofNullable(status.taskManagers())
        .ifPresent(t -> lines.add(List.of("Workers", t.summary() + " TaskManagers, " + slots(t))));
    Optional.ofNullable(status.jobManager())
        .filter(j -> j.restURL() != null)
        .ifPresent(j -> lines.add(List.of("REST", j.restURL())));
    AutoscalingText.of(status, now).ifPresent(text -> lines.add(List.of("Autoscaling", text)));
    lines.add(List.of("State", state(status, now)));
    conditions(status).ifPresent(text -> lines.add(List.of("Conditions", text)));
    last(status, now).ifPresent(text -> lines.add(List.of("Last", text)));
    return lines;
  }

  private static Optional<String> operation(OperationStatus operation, Instant now) {
    if (operation == null) {
      return Optional.empty();
    }
    String steps =
        operation.steps() == null
            ? ""
            : operation.steps().stream().map(StatusPage::step).collect(Collectors.joining(" → "));
    String message = operation.message() == null ? "" : "\n" + operation.message();
    String deadline = operation.deadline() == null ? "" : "\ngiven up at " + operation.deadline();
    return Optional.of(
        steps
            + message
            + deadline
            + (operation.retries() == null ? "" : "\ntried again " + operation.retries() + " times")
            + (operation.rule() == null ? "" : "\ndecided last by the rule " + operation.rule()));
  }

  private static String step(StepStatus step) {
    return step.name() + (step.duration() == null ? "" : " " + step.duration());
  }

  private static String job(JobStatus job) {
    var text = new StringBuilder(job.state() == null ? "not seen" : job.state());
    if (job.parallelism() != null) {
      text.append(", parallelism ").append(job.parallelism());
    }
    if (job.restarts() != null) {
      text.append(", ").append(job.restarts()).append(" restarts");
    }
    if (job.bufferTimeout() != null) {
      text.append(", buffer timeout ").append(job.bufferTimeout());
    }
    if (job.backPressure() != null) {
      text.append("\nback-pressure ")
          .append(job.backPressure().ratio())
          .append(" at ")
          .append(job.backPressure().vertex());
    }
    if (job.sourceLag() != null) {
      text.append("\n").append(job.sourceLag()).append(" records wait at the sources");
    }
    return text.toString();
  }

  private static String slots(io.flinkcluster.operator.api.TaskManagersStatus workers) {
    return (workers.slots() == null ? 0 : workers.slots()) + " slots";
  }

  private static String state(FlinkClusterStatus status, Instant now) {
    Optional<Condition> safe = Conditions.find(status, Conditions.STATE_SAFE);
    String judged = safe.map(c -> "True".equals(c.status()) ? "safe: " : "not safe: ").orElse("");
    String point =
        Optional.ofNullable(status.restorePoint())
            .map(
                p ->
                    p.type()
                        + " "
                        + p.path()
                        + Text.ago(p.takenAt(), now).map(a -> "\ntaken " + a).orElse("")
                        + (p.size() == null ? "" : ", " + Text.bytes(p.size())))
            .orElse(safe.map(Condition::message).orElse("no checkpoint or savepoint is known"));
    return judged + point;
  }

  private static Optional<String> conditions(FlinkClusterStatus status) {
    if (status.conditions() == null) {
      return Optional.empty();
    }
    return Optional.of(
        status.conditions().stream()
            .map(c -> c.type() + "=" + c.status() + " " + c.reason() + words(c))
            .collect(Collectors.joining("\n")));
  }

  /** Only where it tells more than the rest of the page. */
  private static String words(Condition condition) {
    boolean more =
        condition.type().equals(Conditions.CONFIG_VALID) && !condition.reason().equals("Valid");
    return more ? ": " + condition.message() : "";
  }

  private static Optional<String> last(FlinkClusterStatus status, Instant now) {
    if (status.operations() == null || status.operations().isEmpty()) {
      return Optional.empty();
    }
    OperationRecord last = status.operations().get(0);
    return Optional.of(
        last.type()
            + " "
            + last.result()
            + Text.ago(last.endedAt(), now).map(a -> ", " + a).orElse("")
            + (last.downtime() == null ? "" : ", downtime " + last.downtime())
            + (last.trigger() == null ? "" : "\n" + last.trigger())
            + (last.message() == null ? "" : "\n" + last.message()));
  }

  /** The page for people. */
  String text(Instant now) {
    var lines = new ArrayList<String>();
    lines.add(Text.line("Cluster", cluster));
    lines.add(Text.line("Doing", doing + (ready ? ", ready" : ", not ready")));
    lines.add(Text.line("Why", why));
    lines.add(Text.line("Since", Text.ago(since, now).orElse("not known")));
    lines.add(Text.line("Next", next));
    lines.add("");
    details.forEach(d -> lines.add(Text.line(d.get(0), d.get(1))));
    return String.join("\n", lines);
  }

  /** The operator's rules for the state that the cluster is in: the first that applies decides. */
  static String rules(FlinkCluster cluster) {
    boolean deleting = cluster.getMetadata().getDeletionTimestamp() != null;
    DecisionState state = DecisionState.of(RecordedState.of(cluster.getStatus()), deleting);
    List<Rule> rules = Decider.all().get(state);
    var rows = new ArrayList<List<String>>();
    rules.forEach(rule -> rows.add(List.of("  " + rule.name(), rule.does())));
    return "State "
        + state
        + ": "
        + state.meaning()
        + ". The first of these that applies decides:\n"
        + Text.table(rows);
  }
}
