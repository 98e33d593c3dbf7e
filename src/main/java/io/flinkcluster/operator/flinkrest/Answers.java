package io.flinkcluster.operator.flinkrest;

import static io.flinkcluster.operator.flinkrest.Fields.array;
import static io.flinkcluster.operator.flinkrest.Fields.count;
import static io.flinkcluster.operator.flinkrest.Fields.decimal;
import static io.flinkcluster.operator.flinkrest.Fields.number;
import static io.flinkcluster.operator.flinkrest.Fields.object;
import static io.flinkcluster.operator.flinkrest.Fields.text;
import static io.flinkcluster.operator.flinkrest.Fields.time;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedTaskManager;
import io.flinkcluster.operator.model.SafeText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Flink's answers as values. Unknown fields are passed over. Field names are those of the message
 * classes in flink-runtime 1.20.3, 2.0.1 and 2.3.0; of applications only 2.3.0 tells.
 */
final class Answers {

  /** When the last task had written its part of a snapshot, in milliseconds. */
  private static final String COMPLETE = "latest_ack_timestamp";

  /** Type of a savepoint that was taken to stop its job (1.20 to 2.3, RestAPICheckpointType). */
  private static final String STOP = "SYNC_SAVEPOINT";

  /** Of which source, and of which partition, Flink's Kafka connector tells how far it is. */
  private static final Pattern PARTITION =
      Pattern.compile("(.*)\\.KafkaSourceReader\\.(topic\\..+\\.partition\\.\\d+)\\.currentOffset");

  private Answers() {}

  static List<JobSummary> jobs(JsonNode answer) {
    var jobs = new ArrayList<JobSummary>();
    for (JsonNode job : array(answer, "jobs")) {
      JsonNode tasks = object(job, "tasks");
      jobs.add(
          new JobSummary(
              Fields.id(job, "jid"),
              Fields.state(job, "state"),
              Instant.ofEpochMilli(number(job, "start-time")),
              time(job, "end-time"),
              time(job, "last-modification"),
              count(tasks, "total"),
              count(tasks, "running"),
              count(tasks, "finished")));
    }
    return List.copyOf(jobs);
  }

  static List<ApplicationSummary> applications(JsonNode answer) {
    var applications = new ArrayList<ApplicationSummary>();
    for (JsonNode one : array(answer, "applications")) {
      int jobs = 0;
      for (JsonNode inThisState : object(one, "jobs")) {
        jobs += inThisState.asInt();
      }
      applications.add(
          new ApplicationSummary(Fields.id(one, "id"), Fields.state(one, "status"), jobs));
    }
    return List.copyOf(applications);
  }

  static JobGraph graph(JsonNode answer) {
    JsonNode nodes = answer.path("plan").path("nodes");
    Set<String> fed = withInputs(nodes);
    Set<String> feeding = feeding(nodes);
    var vertices = new ArrayList<JobGraph.Vertex>();
    for (JsonNode vertex : array(answer, "vertices")) {
      JsonNode metrics = vertex.path("metrics");
      String id = Fields.id(vertex, "id");
      vertices.add(
          new JobGraph.Vertex(
              id,
              SafeText.line(text(vertex, "name")),
              count(vertex, "parallelism"),
              count(vertex, "maxParallelism"),
              !fed.contains(id),
              feeding.contains(id),
              decimal(metrics, "accumulated-busy-time"),
              decimal(metrics, "accumulated-idle-time"),
              decimal(metrics, "accumulated-backpressured-time"),
              inputs(nodes, id),
              decimal(metrics, "read-records"),
              decimal(metrics, "write-records")));
    }
    return new JobGraph(List.copyOf(vertices));
  }

  private static Set<String> withInputs(JsonNode nodes) {
    var ids = new HashSet<String>();
    for (JsonNode node : nodes) {
      if (!node.path("inputs").isEmpty()) {
        ids.add(node.path("id").asText());
      }
    }
    return ids;
  }

  private static List<String> inputs(JsonNode nodes, String id) {
    var ids = new ArrayList<String>();
    for (JsonNode node : nodes) {
      if (node.path("id").asText().equals(id)) {
        node.path("inputs").forEach(input -> ids.add(input.path("id").asText()));
      }
    }
    return List.copyOf(ids);
  }

  private static Set<String> feeding(JsonNode nodes) {
    var ids = new HashSet<String>();
    for (JsonNode node : nodes) {
      for (JsonNode input : node.path("inputs")) {
        ids.add(input.path("id").asText());
      }
    }
    return ids;
  }

  /** Names without order; those that are none are passed over. */
  static List<String> threadNames(JsonNode answer) {
    var names = new ArrayList<String>();
    for (JsonNode thread : array(answer, "threadInfos")) {
      names.add(thread.path("threadName").asText(""));
    }
    return List.copyOf(names);
  }

  static ObservedCheckpoints checkpoints(JsonNode answer) {
    JsonNode counts = object(answer, "counts");
    JsonNode latest = object(answer, "latest");
    JsonNode savepoint = latest.path("savepoint");
    Optional<String> path = Fields.path(savepoint, "external_path");
    return new ObservedCheckpoints(
        number(counts, "completed"),
        number(counts, "failed"),
        completed(latest.path("completed")),
        path,
        Fields.path(latest.path("restored"), "external_path"),
        path.filter(p -> savepoint.path("checkpoint_type").asText().equals(STOP)),
        savepoint.has(COMPLETE) ? Fields.time(savepoint, COMPLETE) : Optional.empty());
  }

  private static Optional<ObservedCheckpoints.Completed> completed(JsonNode latest) {
    boolean usable =
        latest.isObject()
            && !latest.path("is_savepoint").asBoolean()
            && !latest.path("discarded").asBoolean();
    if (!usable) {
      return Optional.empty();
    }
    return Fields.path(latest, "external_path")
        .map(
            path ->
                new ObservedCheckpoints.Completed(
                    number(latest, "id"),
                    path,
                    Instant.ofEpochMilli(number(latest, "trigger_timestamp")),
                    Duration.ofMillis(Math.max(0, number(latest, "end_to_end_duration"))),
                    number(latest, "state_size")));
  }

  static List<ObservedTaskManager> taskManagers(JsonNode answer) {
    var seen = new ArrayList<ObservedTaskManager>();
    for (JsonNode one : array(answer, "taskmanagers")) {
      seen.add(
          new ObservedTaskManager(
              SafeText.line(text(one, "id")), count(one, "slotsNumber"), count(one, "freeSlots")));
    }
    seen.sort(Comparator.comparing(ObservedTaskManager::id));
    return List.copyOf(seen);
  }

  static Optional<String> lastFailure(JsonNode answer) {
    JsonNode entry = array(object(answer, "exceptionHistory"), "entries").path(0);
    if (!entry.isObject()) {
      return Optional.empty();
    }
    String trace = entry.path("stacktrace").asText("");
    String name = entry.path("exceptionName").asText("");
    return Optional.of(trace.isBlank() ? SafeText.line(name) : SafeText.ofTrace(trace));
  }

  static SourceMetrics sourceMetrics(JsonNode metrics) {
    var names = new ArrayList<String>();
    var partitions = new HashMap<String, Set<String>>();
    for (JsonNode metric : metrics) {
      String name = metric.path("id").asText("");
      Matcher partition = PARTITION.matcher(name);
      if (partition.matches()) {
        partitions
            .computeIfAbsent(partition.group(1), s -> new HashSet<>())
            .add(partition.group(2));
      }
      // Flink takes a list of names apart at its commas, so a name with one cannot be asked for.
      if (name.endsWith(".pendingRecords") && name.length() <= 500 && !name.contains(",")) {
        names.add(name);
      }
    }
    return new SourceMetrics(
        names, partitions.values().stream().mapToInt(Set::size).max().orElse(0));
  }

  /** The sum of a field over metrics; empty where none has a number. */
  static OptionalLong sum(JsonNode metrics, String field) {
    double sum = 0;
    boolean found = false;
    for (JsonNode metric : metrics) {
      // Single metrics come as text, aggregated ones as numbers.
      double value = metric.path(field).asDouble(Double.NaN);
      if (Double.isFinite(value)) {
        sum += Math.max(0, value);
        found = true;
      }
    }
    return found ? OptionalLong.of((long) sum) : OptionalLong.empty();
  }
}
