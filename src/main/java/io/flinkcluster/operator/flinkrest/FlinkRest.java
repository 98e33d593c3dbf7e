package io.flinkcluster.operator.flinkrest;

import io.flinkcluster.operator.model.Bounds;
import io.flinkcluster.operator.model.ObservedCheckpoints;
import io.flinkcluster.operator.model.ObservedTaskManager;
import io.flinkcluster.operator.model.SavepointProgress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

/**
 * Flink's REST API as far as the operator speaks it. Every method is one HTTP request, returns at
 * once and completes within a deadline of the implementation, exceptionally only with {@link
 * RemoteFailure} (wrapped in a {@code CompletionException} by stages that follow). Job and trigger
 * ids must be 32 lower-case hex digits, else {@link IllegalArgumentException} is thrown at once.
 * What is returned comes from a process that runs a user's code: names and texts are to be shown,
 * never trusted. Field names are those of Flink 1.20 and 2.0 to 2.3.
 */
public interface FlinkRest {

  /** All jobs that this JobManager knows, ended ones too. {@code GET /jobs/overview}. */
  CompletableFuture<List<JobSummary>> jobsOverview(Address address);

  /** The vertices of a job; empty: Flink does not know the job. {@code GET /jobs/:id}. */
  CompletableFuture<Optional<JobGraph>> graph(Address address, String jobId);

  /**
   * The checkpoints of a job; empty: Flink does not know the job, or checkpoints are off. {@code
   * GET /jobs/:id/checkpoints}, which Flink caches for 3 s.
   */
  CompletableFuture<Optional<ObservedCheckpoints>> checkpoints(Address address, String jobId);

  /** The registered TaskManagers, by id. {@code GET /taskmanagers}. */
  CompletableFuture<List<ObservedTaskManager>> taskManagers(Address address);

  /**
   * How often Flink restarted the job; empty: not measured yet. {@code GET
   * /jobs/:id/metrics?get=numRestarts}, which Flink refreshes every 10 s.
   */
  CompletableFuture<OptionalLong> restarts(Address address, String jobId);

  /**
   * The last failure that made Flink restart or end the job, one line of at most 500 characters;
   * empty: none. {@code GET /jobs/:id/exceptions}.
   */
  CompletableFuture<Optional<String>> lastFailure(Address address, String jobId);

  /**
   * All applications that this JobManager knows, ended ones too; one that runs an application knows
   * that one. Failure NOT_FOUND before Flink 2.3. {@code GET /applications/overview}.
   */
  CompletableFuture<List<ApplicationSummary>> applications(Address address);

  /**
   * The last failure of an application, one line of at most 500 characters; empty: none. {@code GET
   * /applications/:id/exceptions}.
   *
   * @param applicationId 32 lower-case hex digits
   */
  CompletableFuture<Optional<String>> applicationFailure(Address address, String applicationId);

  /**
   * The buffer timeout that the JobManager of this job was started with: -1, 0 or milliseconds;
   * 100, Flink's default, where its configuration has none; empty: it has one that cannot be read.
   * {@code GET /jobmanager/config}: Flink publishes the buffer timeout of a job graph nowhere; of
   * an override in the job's own code only the threads tell, see {@link #threadNames}.
   */
  CompletableFuture<OptionalLong> bufferTimeoutMillis(Address address);

  /**
   * The names of all threads of a TaskManager. Its tasks' are {@code VERTEX (1/2)#0}, and where
   * output of one is flushed by time, {@code OutputFlusher for VERTEX (1/2)#0} (1.20 and 2.3,
   * RecordWriter). The answer has their stacks and may be large. {@code GET
   * /taskmanagers/:id/thread-dump}.
   *
   * @param taskManagerId as Flink gives it
   */
  CompletableFuture<List<String>> threadNames(Address address, String taskManagerId);

  /**
   * What the names of the metrics of a vertex tell of its sources. {@code GET
   * /jobs/:id/vertices/:vid/subtasks/metrics}.
   */
  CompletableFuture<SourceMetrics> sourceMetrics(Address address, String jobId, String vertexId);

  /**
   * The sum of these metrics over all tasks of a vertex; empty: not measured yet, or one of the
   * names is not known (Flink 2.3.0 then answers for none of them).
   */
  CompletableFuture<OptionalLong> sum(
      Address address, String jobId, String vertexId, List<String> metrics);

  /**
   * Asks Flink to write a savepoint and, when it is complete, to stop the job without draining it.
   * Returns when Flink has noted the request, which proves nothing about the job: it does so for a
   * job that it does not know. With a trigger id that this JobManager already knows nothing is
   * started. {@code POST /jobs/:id/stop}.
   *
   * @param targetDirectory parent of the savepoint's directory; its own for every trigger id
   */
  CompletableFuture<Void> stopWithSavepoint(
      Address address, String jobId, String triggerId, String targetDirectory);

  /** Like {@link #stopWithSavepoint}, but the job goes on. {@code POST /jobs/:id/savepoints}. */
  CompletableFuture<Void> savepoint(
      Address address, String jobId, String triggerId, String targetDirectory);

  /**
   * What became of a savepoint, of either kind. Flink forgets it 5 minutes after its end and with
   * the JobManager. {@code GET /jobs/:id/savepoints/:triggerid}.
   */
  CompletableFuture<SavepointProgress> savepointProgress(
      Address address, String jobId, String triggerId);

  /**
   * What every vertex of a job may have, by its id; empty: Flink does not know the job. Failure
   * UNREACHABLE with status 500 also where the scheduler is not the adaptive one. {@code GET
   * /jobs/:id/resource-requirements}.
   */
  CompletableFuture<Optional<SortedMap<String, Bounds>>> requirements(
      Address address, String jobId);

  /**
   * Asks the adaptive scheduler for another size. It is taken at once and carried out later; what
   * is the case already changes nothing. Failure REFUSED: not all vertices, or bounds that one of
   * them cannot have. {@code PUT /jobs/:id/resource-requirements}.
   *
   * @param bounds of every vertex by its id
   */
  CompletableFuture<Void> require(Address address, String jobId, SortedMap<String, Bounds> bounds);

  /**
   * Asks Flink for a checkpoint now. With a trigger id that this JobManager already knows nothing
   * is started. {@code POST /jobs/:id/checkpoints}.
   */
  CompletableFuture<Void> checkpoint(Address address, String jobId, String triggerId);

  /**
   * Asks Flink to delete a savepoint and returns the id of the request, which Flink chooses. Flink
   * reads the savepoint's metadata and deletes the files it names, then its directory. {@code POST
   * /savepoint-disposal}.
   */
  CompletableFuture<String> disposeSavepoint(Address address, String path);

  /**
   * What became of such a request. Flink forgets it 5 minutes after its end and with the
   * JobManager. {@code GET /savepoint-disposal/:id}.
   */
  CompletableFuture<DisposalProgress> disposalProgress(Address address, String requestId);

  /**
   * Cancels the job. Failure REFUSED: it has already ended otherwise. {@code PATCH
   * /jobs/:id?mode=cancel}.
   */
  CompletableFuture<Void> cancel(Address address, String jobId);
}
