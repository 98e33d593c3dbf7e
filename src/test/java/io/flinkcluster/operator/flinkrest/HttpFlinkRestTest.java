package io.flinkcluster.operator.flinkrest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedTaskManager;
import io.flinkcluster.operator.model.SavepointProgress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and answers in the words of Flink 1.20 and 2.3, whose fields differ in part. */
class HttpFlinkRestTest {

  private static final String JOB = "0123456789abcdef0123456789abcdef";
  private static final String TRIGGER = "fedcba9876543210fedcba9876543210";
  private static final String VERTEX = "bc764cd8ddf7a0cff126f51c16239658";
  private static final String MAP = "20ba6b65f97481d5570070de90e4e791";
  private static final String PROGRESS = "/jobs/" + JOB + "/savepoints/" + TRIGGER;

  private StubFlink flink;
  private HttpFlinkRest rest;

  @BeforeEach
  void start() throws IOException {
    flink = new StubFlink();
    rest = new HttpFlinkRest();
  }

  @AfterEach
  void stop() {
    rest.close();
    flink.close();
  }

  private static <T> T get(CompletableFuture<T> call) throws Exception {
    return call.get(20, TimeUnit.SECONDS);
  }

  @Test
  void applicationsAreReadWithHowManyJobsTheyHad() throws Exception {
    String id = "d".repeat(32);
    flink.answer(
        "/applications/overview",
        200,
        """
        {"applications": [{"id": "%s", "name": "Ends", "start-time": 1, "end-time": 2,
          "duration": 1, "status": "FAILED", "jobs": {"CANCELED": 1, "FINISHED": 2}}]}"""
            .formatted(id));
    assertThat(get(rest.applications(flink.address())))
        .containsExactly(new ApplicationSummary(id, "FAILED", 3));
    String path = "/applications/" + id + "/exceptions";
    flink.answer(path, 200, "{\"exceptionHistory\": {\"entries\": []}}");
    assertThat(get(rest.applicationFailure(flink.address(), id))).isEmpty();
  }

  @Test
  void theListOfJobsIsRead() throws Exception {
    flink.answer(
        "/jobs/overview",
        200,
        """
        {"jobs":[{"jid":"%s","name":"a","start-time":1000,"end-time":-1,"duration":6,
          "state":"RUNNING","last-modification":2000,"tasks":{"running":3,"canceling":0,
          "canceled":0,"total":4,"created":0,"scheduled":0,"deploying":0,"reconciling":0,
          "finished":1,"initializing":0,"failed":0},"pending-operators":0},
         {"jid":"%s","name":"b","start-time":1000,"end-time":3000,"duration":6,
          "state":"FINISHED","last-modification":0,"tasks":{"running":0,"total":0,"finished":0}}]}
        """
            .formatted(JOB, TRIGGER));
    assertThat(get(rest.jobsOverview(flink.address())))
        .containsExactly(
            new JobSummary(
                JOB,
                "RUNNING",
                Instant.ofEpochSecond(1),
                Optional.empty(),
                Optional.of(Instant.ofEpochSecond(2)),
                4,
                3,
                1),
            new JobSummary(
                TRIGGER,
                "FINISHED",
                Instant.ofEpochSecond(1),
                Optional.of(Instant.ofEpochSecond(3)),
                Optional.empty(),
                0,
                0,
                0));
  }

  @Test
  void theGraphIsReadAndASourceIsAVertexWithoutInputs() throws Exception {
    flink.answer(
        "/jobs/" + JOB,
        200,
        """
        {"jid":"%s","state":"RUNNING","maxParallelism":64,"vertices":[
          {"id":"%s","name":"Source: \\u001bx","maxParallelism":64,"parallelism":2,
           "metrics":{"accumulated-backpressured-time":7097,"accumulated-idle-time":184,
           "accumulated-busy-time":"NaN"}},
          {"id":"%s","name":"map","maxParallelism":128,"parallelism":3,
           "metrics":{"accumulated-backpressured-time":0,"accumulated-idle-time":67,
           "accumulated-busy-time":7562.0,"read-records":90,"write-records":7}}],
         "plan":{"nodes":[{"id":"%s","inputs":[{"id":"%s"}]},{"id":"%s"}]}}
        """
            .formatted(JOB, VERTEX, MAP, MAP, VERTEX, VERTEX));
    var graph = get(rest.graph(flink.address(), JOB)).orElseThrow();
    assertThat(graph.vertices())
        .containsExactly(
            new JobGraph.Vertex(VERTEX, "Source:  x", 2, 64, true, true, Double.NaN, 184, 7097),
            new JobGraph.Vertex(
                MAP, "map", 3, 128, false, false, 7562, 67, 0, List.of(VERTEX), 90, 7));
    assertThat(graph.parallelism()).isEqualTo(3);
    assertThat(graph.maxParallelism()).isEqualTo(128);
    assertThat(graph.tasks()).isEqualTo(5);
  }

  private void answerCheckpoints(String completed, String restored) {
    flink.answer(
        "/jobs/" + JOB + "/checkpoints",
        200,
        """
        {"counts":{"restored":1,"total":5,"in_progress":1,"completed":3,"failed":2},
         "latest":{"completed":%s,"savepoint":{"id":9,"external_path":"s3://b/savepoint-1"},
         "failed":null,"restored":%s},"history":[]}
        """
            .formatted(completed, restored));
  }

  private static String completed(String path, boolean discarded) {
    return """
        {"className":"completed","id":7,"status":"COMPLETED","is_savepoint":false,
         "trigger_timestamp":1000,"latest_ack_timestamp":1500,"checkpointed_size":10,
         "state_size":4096,"end_to_end_duration":500,"checkpoint_type":"CHECKPOINT",
         "external_path":"%s","discarded":%s}
        """
        .formatted(path, discarded);
  }

  @Test
  void theLastCheckpointAndTheRestoredPathAreRead() throws Exception {
    answerCheckpoints(
        completed("s3://b/x/chk-7", false), "{\"id\":4,\"external_path\":\"s3://b/y/chk-4\"}");
    assertThat(get(rest.checkpoints(flink.address(), JOB)))
        .contains(
            new ObservedCheckpoints(
                3,
                2,
                Optional.of(
                    new ObservedCheckpoints.Completed(
                        7,
                        "s3://b/x/chk-7",
                        Instant.ofEpochSecond(1),
                        Duration.ofMillis(500),
                        4096)),
                Optional.of("s3://b/savepoint-1"),
                Optional.of("s3://b/y/chk-4")));
  }

  @Test
  void aSavepointThatWasTakenToStopTheJobIsToldFromOthers() throws Exception {
    for (String type : List.of("SAVEPOINT", "SYNC_SAVEPOINT")) {
      flink.answer(
          "/jobs/" + JOB + "/checkpoints",
          200,
          """
          {"counts":{"completed":3,"failed":2},"latest":{"completed":null,"restored":null,
           "savepoint":{"external_path":"s3://b/s-1","checkpoint_type":"%s"}},"history":[]}
          """
              .formatted(type));
      ObservedCheckpoints seen = get(rest.checkpoints(flink.address(), JOB)).orElseThrow();
      assertThat(seen.lastSavepoint()).contains("s3://b/s-1");
      assertThat(seen.stopSavepoint().isPresent()).isEqualTo(type.equals("SYNC_SAVEPOINT"));
    }
  }

  @Test
  void aCheckpointThatCannotBeRestoredIsNone() throws Exception {
    for (String latest :
        List.of(
            "null",
            completed("<checkpoint-not-externally-addressable>", false),
            completed("s3://b/x/chk-7", true),
            completed("s3://b/\\u0000", false))) {
      answerCheckpoints(latest, "null");
      assertThat(get(rest.checkpoints(flink.address(), JOB)).orElseThrow())
          .isEqualTo(
              new ObservedCheckpoints(
                  3, 2, Optional.empty(), Optional.of("s3://b/savepoint-1"), Optional.empty()));
    }
  }

  @Test
  void whatFlinkDoesNotKnowIsEmpty() throws Exception {
    String unknown = "{\"errors\":[\"org.apache.flink.runtime.rest.NotFoundException: no\"]}";
    flink.answer("/jobs/" + JOB, 404, unknown);
    flink.answer("/jobs/" + JOB + "/checkpoints", 404, unknown);
    flink.answer(PROGRESS, 404, unknown);
    assertThat(get(rest.graph(flink.address(), JOB))).isEmpty();
    assertThat(get(rest.checkpoints(flink.address(), JOB))).isEmpty();
    assertThat(progress()).isEqualTo(new SavepointProgress.Unknown(TRIGGER));
  }

  @Test
  void taskManagersAreReadInOrder() throws Exception {
    flink.answer(
        "/taskmanagers",
        200,
        """
        {"taskmanagers":[{"id":"tm-b","slotsNumber":2,"freeSlots":1,"assignedTasks":3},
                         {"id":"tm-a","slotsNumber":4,"freeSlots":4}]}
        """);
    assertThat(get(rest.taskManagers(flink.address())))
        .containsExactly(
            new ObservedTaskManager("tm-a", 4, 4), new ObservedTaskManager("tm-b", 2, 1));
  }

  @Test
  void theNamesOfThreadsAreReadFromTheirStacks() throws Exception {
    flink.answer(
        "/taskmanagers/10.0.0.1:6122-ab12/thread-dump",
        200,
        """
        {"threadInfos":[
          {"threadName":"map (1/2)#0","stringifiedThreadInfo":"\\"map (1/2)#0\\" Id=9 RUNNABLE"},
          {"threadName":"OutputFlusher for map (1/2)#0","stringifiedThreadInfo":""}]}
        """);
    assertThat(get(rest.threadNames(flink.address(), "10.0.0.1:6122-ab12")))
        .containsExactly("map (1/2)#0", "OutputFlusher for map (1/2)#0");
  }

  @Test
  void metricsAreRead() throws Exception {
    flink.answer("/jobs/" + JOB + "/metrics", 200, "[{\"id\":\"numRestarts\",\"value\":\"3\"}]");
    assertThat(get(rest.restarts(flink.address(), JOB))).hasValue(3);
    flink.answer("/jobs/" + JOB + "/metrics", 200, "[]");
    assertThat(get(rest.restarts(flink.address(), JOB))).isEmpty();
    String metrics = "/jobs/" + JOB + "/vertices/" + VERTEX + "/subtasks/metrics";
    flink.answer(
        metrics,
        200,
        """
        [{"id":"Source__a.pendingRecords"},{"id":"busy"},{"id":"a,b.pendingRecords"},
         {"id":"Source__a.KafkaSourceReader.topic.t.1.partition.0.currentOffset"},
         {"id":"Source__a.KafkaSourceReader.topic.t.1.partition.0.committedOffset"},
         {"id":"Source__a.KafkaSourceReader.topic.t.1.partition.10.currentOffset"},
         {"id":"Source__a.KafkaSourceReader.topic.t.2.partition.0.currentOffset"},
         {"id":"Source__b.KafkaSourceReader.topic.t.2.partition.0.currentOffset"}]
        """);
    assertThat(get(rest.sourceMetrics(flink.address(), JOB, VERTEX)))
        .isEqualTo(new SourceMetrics(List.of("Source__a.pendingRecords"), 3));
    flink.answer(metrics, 200, "[{\"id\":\"x\",\"sum\":5.0},{\"id\":\"y\",\"sum\":\"NaN\"}]");
    assertThat(get(rest.sum(flink.address(), JOB, VERTEX, List.of("x&z=1", "y")))).hasValue(5);
    assertThat(flink.requests()).last().asString().endsWith("?agg=sum&get=x%26z%3D1%2Cy");
  }

  @Test
  void theNewestFailureIsReadInOneLine() throws Exception {
    String path = "/jobs/" + JOB + "/exceptions";
    flink.answer(path, 200, "{\"exceptionHistory\":{\"entries\":[],\"truncated\":false}}");
    assertThat(get(rest.lastFailure(flink.address(), JOB))).isEmpty();
    flink.answer(
        path,
        200,
        """
        {"root-exception":"x","exceptionHistory":{"entries":[{"exceptionName":"a.B",
         "stacktrace":"a.B: first\\n\\tat a.C\\nCaused by: d.E: root\\n\\tat f.G\\n",
         "timestamp":1}],"truncated":false}}
        """);
    assertThat(get(rest.lastFailure(flink.address(), JOB)))
        .contains("a.B: first; caused by d.E: root");
  }

  @Test
  void savepointsAreAskedForInTheSpellingOfEachCall() throws Exception {
    flink.answer("/jobs/" + JOB + "/stop", 202, "{\"request-id\":\"" + TRIGGER + "\"}");
    flink.answer("/jobs/" + JOB + "/savepoints", 202, "{\"request-id\":\"" + TRIGGER + "\"}");
    flink.answer("/jobs/" + JOB, 202, "{}");
    get(rest.stopWithSavepoint(flink.address(), JOB, TRIGGER, "s3://b/\"x"));
    get(rest.savepoint(flink.address(), JOB, TRIGGER, "s3://b/y"));
    get(rest.cancel(flink.address(), JOB));
    assertThat(flink.requests())
        .containsExactly(
            "POST /jobs/%s/stop {\"targetDirectory\":\"s3://b/\\\"x\",\"drain\":false,\"formatType\":\"CANONICAL\",\"triggerId\":\"%s\"}"
                .formatted(JOB, TRIGGER),
            "POST /jobs/%s/savepoints {\"target-directory\":\"s3://b/y\",\"cancel-job\":false,\"formatType\":\"CANONICAL\",\"triggerId\":\"%s\"}"
                .formatted(JOB, TRIGGER),
            "PATCH /jobs/%s?mode=cancel".formatted(JOB));
  }

  @Test
  void requirementsAreReadAndAskedForInFlinksOwnSpelling() throws Exception {
    String path = "/jobs/" + JOB + "/resource-requirements";
    String body =
        "{\"%s\":{\"parallelism\":{\"lowerBound\":1,\"upperBound\":8}}}".formatted(VERTEX);
    flink.answer(path, 200, body);
    var bounds = new TreeMap<>(Map.of(VERTEX, new Bounds(1, 8)));
    assertThat(get(rest.requirements(flink.address(), JOB))).contains(bounds);
    flink.answer(path, 200, "{}");
    get(rest.require(flink.address(), JOB, bounds));
    assertThat(flink.requests()).containsExactly("GET " + path, "PUT " + path + " " + body);
  }

  @Test
  void requirementsThatAreNotFlinksAreNotBelieved() throws Exception {
    flink.answer("/jobs/" + JOB + "/resource-requirements", 200, "{\"x\":{\"parallelism\":{}}}");
    assertThatThrownBy(() -> get(rest.requirements(flink.address(), JOB)))
        .hasCauseInstanceOf(RemoteFailure.class);
  }

  @Test
  void aCheckpointIsAskedForWithAnIdOfOurOwn() throws Exception {
    flink.answer("/jobs/" + JOB + "/checkpoints", 202, "{\"request-id\":\"" + TRIGGER + "\"}");
    get(rest.checkpoint(flink.address(), JOB, TRIGGER));
    assertThat(flink.requests())
        .containsExactly(
            "POST /jobs/%s/checkpoints {\"checkpointType\":\"CONFIGURED\",\"triggerId\":\"%s\"}"
                .formatted(JOB, TRIGGER));
  }

  private SavepointProgress progress() throws Exception {
    return get(rest.savepointProgress(flink.address(), JOB, TRIGGER));
  }

  private SavepointProgress failedWith(String trace) throws Exception {
    flink.answer(
        PROGRESS,
        200,
        """
        {"status":{"id":"COMPLETED"},"operation":{"failure-cause":{"class":"a.B",
         "stack-trace":"%s","serialized-throwable":"rO0ABXNyABNqYXZhLnV0aWwuSGFzaFNldA=="}}}
        """
            .formatted(trace));
    return progress();
  }

  @Test
  void aSavepointIsFollowedToItsEnd() throws Exception {
    flink.answer(PROGRESS, 200, "{\"status\":{\"id\":\"IN_PROGRESS\"},\"operation\":null}");
    assertThat(progress()).isEqualTo(new SavepointProgress.InProgress(TRIGGER));
    flink.answer(
        PROGRESS,
        200,
        "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"location\":\"s3://b/savepoint-1\"}}");
    assertThat(progress())
        .isEqualTo(new SavepointProgress.Completed(TRIGGER, "s3://b/savepoint-1"));
    assertThat(failedWith("a.B: no\\n\\tat a.C\\nCaused by: d.E: disk full\\n"))
        .isEqualTo(
            new SavepointProgress.Failed(
                TRIGGER, "a.B: no; caused by d.E: disk full", Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "org.apache.flink.util.FlinkException: outer\\n\\tat a.B\\nCaused by: "})
  void aSavepointThatWasWrittenAlthoughTheStopFailedIsNotLost(String before) throws Exception {
    String said =
        "org.apache.flink.runtime.scheduler.stopwithsavepoint.StopWithSavepointStoppingException: "
            + "A savepoint has been created at: file:/sp/savepoint-0123-9 x, but the corresponding "
            + "job "
            + JOB
            + " failed during stopping. The savepoint is consistent.\\n\\tat a.B\\n";
    assertThat(failedWith(before + said))
        .isInstanceOfSatisfying(
            SavepointProgress.Failed.class,
            failed -> assertThat(failed.written()).contains("file:/sp/savepoint-0123-9 x"));
  }

  @Test
  void anotherExceptionThatQuotesTheSentenceIsNotBelieved() throws Exception {
    String said =
        "my.JobException: StopWithSavepointStoppingException: A savepoint has been created at: "
            + "s3://others/savepoint-1, but the corresponding job x failed\\n";
    assertThat(failedWith(said))
        .isInstanceOfSatisfying(
            SavepointProgress.Failed.class, failed -> assertThat(failed.written()).isEmpty());
  }
}
