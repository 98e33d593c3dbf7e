package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.flinkrest.JobGraph.Vertex;
import io.flinkcluster.operator.flinkrest.JobSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One look at a JobManager: first the list of jobs, then at once what is due beside it. A hot look
 * is at most five requests; about every fifth second the slow parts come on top.
 *
 * @param rest the port
 * @param target whom to ask
 * @param due what to ask
 */
record Poll(FlinkRest rest, Target target, PollParts due) {

  private static final int MAX_SOURCES = 8;

  /**
   * What was answered.
   *
   * @param jobs all jobs of the JobManager
   * @param parts writes down what else was answered; parts that failed write nothing
   */
  record Answer(List<JobSummary> jobs, List<Consumer<PolledJob>> parts) {
    void writeTo(PolledJob facts) {
      parts.forEach(part -> part.accept(facts));
    }
  }

  /** Asks the second half. Completes exceptionally never: a failed part is left out. */
  CompletableFuture<Answer> rest(List<JobSummary> jobs) {
    var calls = new ArrayList<CompletableFuture<Consumer<PolledJob>>>();
    if (due.taskManagers()) {
      calls.add(part(rest.taskManagers(target.address()), (f, seen) -> f.taskManagers = seen));
    }
    if (due.savepoint()) {
      calls.add(savepoint(target.jobId().orElseThrow(), target.triggerId().orElseThrow()));
    }
    target.own(jobs).ifPresent(job -> calls.addAll(job(job.id())));
    return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
        .thenApply(all -> new Answer(jobs, calls.stream().map(CompletableFuture::join).toList()));
  }

  private CompletableFuture<Consumer<PolledJob>> savepoint(String jobId, String triggerId) {
    return part(
        rest.savepointProgress(target.address(), jobId, triggerId),
        (facts, seen) -> facts.savepoint = Optional.of(seen));
  }

  private List<CompletableFuture<Consumer<PolledJob>>> job(String jobId) {
    var address = target.address();
    var calls = new ArrayList<CompletableFuture<Consumer<PolledJob>>>();
    calls.add(
        part(
            rest.checkpoints(address, jobId),
            (facts, seen) -> seen.ifPresent(known -> facts.checkpoints = known)));
    if (due.graph()) {
      calls.add(part(rest.graph(address, jobId), (facts, seen) -> seen.ifPresent(facts::graph)));
    }
    if (due.requirements()) {
      calls.add(
          part(
              rest.requirements(address, jobId),
              (facts, seen) -> seen.ifPresent(known -> facts.requirements = known)));
    }
    if (due.bufferTimeout()) {
      calls.add(
          part(rest.bufferTimeoutMillis(address), (facts, seen) -> facts.bufferTimeout = seen));
    }
    due.flushedIn()
        .map(id -> rest.threadNames(address, id).exceptionally(failure -> List.of()))
        .ifPresent(names -> calls.add(part(names, PolledJob::threads)));
    if (due.restarts()) {
      calls.add(
          part(
              rest.restarts(address, jobId),
              (facts, seen) -> seen.ifPresent(known -> facts.restarts = known)));
    }
    if (due.failure()) {
      calls.add(
          part(
              rest.lastFailure(address, jobId),
              (facts, seen) -> {
                facts.failure = seen;
                facts.explainedRestarts = due.explains();
              }));
    }
    due.sources().stream().limit(MAX_SOURCES).forEach(one -> calls.add(lag(jobId, one)));
    return calls;
  }

  private CompletableFuture<Consumer<PolledJob>> lag(String jobId, Vertex source) {
    var address = target.address();
    List<String> known = due.lagMetrics().getOrDefault(source.id(), List.of());
    var names =
        known.isEmpty()
            ? rest.pendingRecordsMetrics(address, jobId, source.id())
            : CompletableFuture.completedFuture(known);
    var lag =
        names.thenCompose(
            metrics ->
                metrics.isEmpty()
                    ? CompletableFuture.completedFuture(OptionalLong.empty())
                    : rest.sum(address, jobId, source.id(), metrics));
    return part(
        lag,
        (facts, sum) -> {
          if (sum.isPresent()) {
            facts.lags.put(source.id(), sum.getAsLong());
            facts.lagMetrics.put(source.id(), names.join());
          } else {
            facts.lags.remove(source.id());
            facts.lagMetrics.remove(source.id());
          }
        });
  }

  private static <T> CompletableFuture<Consumer<PolledJob>> part(
      CompletableFuture<T> call, BiConsumer<PolledJob, T> write) {
    return call.handle(
        (value, failure) -> failure == null ? facts -> write.accept(facts, value) : facts -> {});
  }
}
