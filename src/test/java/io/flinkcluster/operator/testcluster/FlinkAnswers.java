package io.flinkcluster.operator.testcluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Answers in the shape of Flink 2.3's REST API; callers hold the cluster's lock. */
final class FlinkAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final String SOURCE = "cbc357ccb763df2852fee8c4fc7d55f2";
  static final String SINK = "90bea66de1c231edf33913ecd54406c1";

  private final JobManagerProcess jobManager;
  private final FakeCluster cluster;

  FlinkAnswers(JobManagerProcess jobManager, FakeCluster cluster) {
    this.jobManager = jobManager;
    this.cluster = cluster;
  }

  private static ObjectNode object() {
    return JSON.createObjectNode();
  }

  JsonNode config() {
    return object().put("refresh-interval", 3000).put("flink-version", "2.3.0");
  }

  JsonNode overview() {
    int slots = cluster.slots(jobManager);
    int used = jobManager.job().filter(FakeJob::running).map(job -> job.parallelism).orElse(0);
    return object()
        .put("taskmanagers", cluster.taskManagers(jobManager).size())
        .put("slots-total", slots)
        .put("slots-available", slots - used)
        .put("jobs-running", used > 0 ? 1 : 0)
        .put("flink-version", "2.3.0");
  }

  JsonNode taskManagers() {
    ArrayNode list = JSON.createArrayNode();
    for (FlinkProcess process : cluster.taskManagers(jobManager)) {
      int taken = cluster.taken(jobManager, process);
      list.add(
          object()
              .put("id", process.pod())
              .put("path", "pekko.tcp://flink@" + process.ip() + ":6122/user/rpc/taskmanager_0")
              .put("dataPort", 6121)
              .put("jmxPort", -1)
              .put("timeSinceLastHeartbeat", System.currentTimeMillis())
              .put("slotsNumber", process.slots())
              .put("freeSlots", process.slots() - taken)
              .put("blocked", false));
    }
    return object().set("taskmanagers", list);
  }

  JsonNode threads() {
    ArrayNode threads = JSON.createArrayNode();
    for (String name : new String[] {"Source: cars (1/1)#0", "OutputFlusher for Source: cars"}) {
      threads.add(object().put("threadName", name).put("stringifiedThreadInfo", ""));
    }
    return object().set("threadInfos", threads);
  }

  JsonNode jobManagerConfig() {
    ArrayNode entries = JSON.createArrayNode();
    jobManager
        .process
        .options()
        .forEach((key, value) -> entries.add(object().put("key", key).put("value", value)));
    return entries;
  }

  JsonNode jobsOverview() {
    ArrayNode jobs = JSON.createArrayNode();
    jobManager
        .job()
        .ifPresent(
            job -> {
              ObjectNode node = summary(job);
              node.put("last-modification", job.changedAt);
              node.set("tasks", tasks(job, 2 * job.parallelism));
              jobs.add(node);
            });
    return object().set("jobs", jobs);
  }

  private static ObjectNode summary(FakeJob job) {
    long end = job.endedAt < 0 ? System.currentTimeMillis() : job.endedAt;
    return object()
        .put("jid", job.id)
        .put("name", "fake")
        .put("start-time", job.startedAt)
        .put("end-time", job.endedAt)
        .put("duration", end - job.startedAt)
        .put("state", job.state);
  }

  private static ObjectNode tasks(FakeJob job, int total) {
    ObjectNode tasks = object().put("total", total);
    String mine = taskState(job).toLowerCase(java.util.Locale.ROOT);
    for (String state :
        new String[] {
          "created",
          "scheduled",
          "deploying",
          "running",
          "finished",
          "canceling",
          "canceled",
          "failed",
          "reconciling",
          "initializing"
        }) {
      tasks.put(state, state.equals(mine) ? total : 0);
    }
    return tasks;
  }

  private static String taskState(FakeJob job) {
    return switch (job.state) {
      case "RUNNING", "FINISHED", "CANCELED", "FAILED" -> job.state;
      default -> "CREATED";
    };
  }

  JsonNode job(FakeJob job) {
    ObjectNode node = summary(job);
    node.put("isStoppable", false).put("maxParallelism", job.maxParallelism);
    node.put("now", System.currentTimeMillis());
    node.set(
        "timestamps",
        object()
            .put("INITIALIZING", job.startedAt)
            .put("CREATED", job.startedAt)
            .put(job.state, job.changedAt));
    node.set(
        "vertices",
        JSON.createArrayNode()
            .add(vertex(job, SOURCE, "Source: cars"))
            .add(vertex(job, SINK, "Sink: out")));
    node.set("status-counts", tasks(job, 2));
    ObjectNode sink = object().put("id", SINK);
    sink.set("inputs", JSON.createArrayNode().add(object().put("num", 0).put("id", SOURCE)));
    node.set(
        "plan",
        object()
            .put("jid", job.id)
            .set("nodes", JSON.createArrayNode().add(object().put("id", SOURCE)).add(sink)));
    return node;
  }

  private ObjectNode vertex(FakeJob job, String id, String name) {
    ObjectNode vertex =
        object()
            .put("id", id)
            .put("name", name)
            .put("maxParallelism", job.maxParallelism)
            .put("parallelism", job.parallelism)
            .put("status", taskState(job))
            .put("start-time", job.changedAt)
            .put("end-time", -1);
    vertex.set("tasks", tasks(job, job.parallelism));
    ObjectNode metrics = vertex.putObject("metrics");
    cluster.load(job).ifPresentOrElse(load -> measured(load, id, metrics), () -> idle(metrics));
    return vertex;
  }

  private static void idle(ObjectNode metrics) {
    metrics
        .put("accumulated-backpressured-time", 0)
        .put("accumulated-idle-time", 1000)
        .put("accumulated-busy-time", 10.0);
  }

  private static void measured(FakeLoad load, String id, ObjectNode metrics) {
    double[] millis = load.millis(id.equals(SOURCE));
    metrics
        .put("read-records", id.equals(SOURCE) ? 0 : load.read())
        .put("write-records", id.equals(SOURCE) ? load.read() : 0)
        .put("accumulated-busy-time", millis[0])
        .put("accumulated-idle-time", Math.round(millis[1]))
        .put("accumulated-backpressured-time", Math.round(millis[2]));
  }

  /** Names of metrics, each with its value: whoever asks takes what he needs. */
  JsonNode vertexMetrics(FakeJob job, String vertex) {
    ArrayNode metrics = JSON.createArrayNode();
    cluster
        .load(job)
        .filter(load -> vertex.equals(SOURCE))
        .ifPresent(
            load ->
                metrics.add(
                    object()
                        .put("id", "Source__cars.pendingRecords")
                        .put("sum", (double) load.waiting())));
    return metrics;
  }

  JsonNode requirements(FakeJob job) {
    ObjectNode node = object();
    for (String vertex : new String[] {SOURCE, SINK}) {
      node.putObject(vertex)
          .putObject("parallelism")
          .put("lowerBound", 1)
          .put("upperBound", job.wanted);
    }
    return node;
  }

  JsonNode checkpoints(FakeJob job) {
    ObjectNode node = object();
    node.set(
        "counts",
        object()
            .put("restored", job.restored.isPresent() ? 1 : 0)
            .put("total", job.checkpoints.size())
            .put("in_progress", 0)
            .put("completed", job.checkpoints.size())
            .put("failed", job.failedCheckpoints));
    ObjectNode latest = object();
    // A job that has ended well throws its checkpoints away, retained ones too.
    boolean none = job.checkpoints.isEmpty() || job.state.equals("FINISHED");
    latest.set("completed", none ? null : completed(last(job)));
    ObjectNode savepoint = job.lastSavepoint.map(FlinkAnswers::completed).orElse(null);
    if (savepoint != null && job.lastSavepointStops) {
      savepoint.put("checkpoint_type", "SYNC_SAVEPOINT");
    }
    latest.set("savepoint", savepoint);
    latest.putNull("failed");
    latest.set(
        "restored",
        job.restored
            .<JsonNode>map(
                snapshot ->
                    object()
                        .put("id", snapshot.id())
                        .put("restore_timestamp", job.startedAt)
                        .put("is_savepoint", snapshot.savepoint())
                        .put("external_path", snapshot.path()))
            .orElse(null));
    node.set("latest", latest);
    node.set("history", JSON.createArrayNode());
    return node;
  }

  /** When a snapshot was first told of; the same whenever it is told of again. */
  private static final Map<String, Long> TIMES = new ConcurrentHashMap<>();

  private static FakeCluster.Snapshot last(FakeJob job) {
    return job.checkpoints.get(job.checkpoints.size() - 1);
  }

  private static ObjectNode completed(FakeCluster.Snapshot snapshot) {
    long now = TIMES.computeIfAbsent(snapshot.path(), path -> System.currentTimeMillis());
    return object()
        .put("@class", "completed")
        .put("className", "completed")
        .put("id", snapshot.id())
        .put("status", "COMPLETED")
        .put("is_savepoint", snapshot.savepoint())
        .put("checkpoint_type", snapshot.savepoint() ? "SAVEPOINT" : "CHECKPOINT")
        .put("trigger_timestamp", now - 10)
        .put("latest_ack_timestamp", now)
        .put("checkpointed_size", 4096)
        .put("state_size", 4096)
        .put("end_to_end_duration", 10)
        .put("external_path", snapshot.path())
        .put("discarded", false);
  }

  JsonNode metrics(FakeJob job) {
    return JSON.createArrayNode()
        .add(object().put("id", "numRestarts").put("value", Integer.toString(job.restarts)));
  }

  JsonNode exceptions(FakeJob job) {
    ArrayNode entries = JSON.createArrayNode();
    job.lastFailure.ifPresent(
        failure ->
            entries.add(
                object()
                    .put("exceptionName", failure.split(":")[0])
                    .put("stacktrace", failure + "\n\tat fake.Flink.run(Flink.java:1)")
                    .put("timestamp", job.changedAt)));
    return object()
        .set("exceptionHistory", object().put("truncated", false).set("entries", entries));
  }

  JsonNode savepoint(FakeJob.Savepoint savepoint) {
    ObjectNode answer = object();
    answer.set("status", object().put("id", savepoint.done() ? "COMPLETED" : "IN_PROGRESS"));
    savepoint.location.ifPresent(path -> answer.set("operation", object().put("location", path)));
    savepoint.failure.ifPresent(text -> answer.set("operation", failure(text)));
    return answer;
  }

  private static ObjectNode failure(String text) {
    return object()
        .set(
            "failure-cause",
            object()
                .put("class", text.split(":")[0])
                .put("stack-trace", text + "\n\tat fake.Flink.run(Flink.java:1)")
                .put("serialized-throwable", "rO0ABQ=="));
  }

  JsonNode disposal(FakeJob.Disposal disposal) {
    ObjectNode answer = object();
    answer.set("status", object().put("id", disposal.done ? "COMPLETED" : "IN_PROGRESS"));
    if (disposal.done) {
      answer.set("operation", disposal.failure.map(FlinkAnswers::failure).orElse(object()));
    }
    return answer;
  }
}
