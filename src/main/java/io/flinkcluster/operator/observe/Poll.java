package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.flinkrest.ApplicationSummary;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.flinkrest.JobGraph.Vertex;
import io.flinkcluster.operator.flinkrest.JobSummary;
import io.flinkcluster.operator.flinkrest.SourceMetrics;
import io.flinkcluster.operator.model.ObservedApplication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One look at a JobManager: first the list of jobs, then what is due beside it, one after the
 * other, so that a look holds one connection. A hot look is at most five requests; about every
 * fifth second the slow parts come on top.
 *
 * @param rest the port
 * @param target whom to ask
 * @param due what to ask
 */
record Poll(FlinkRest rest, Target target, PollParts due) {

  private static final int MAX_SOURCES = 8;

  /** A JobManager that was so slow is asked nothing more in this look. */
  private static final Duration LONGEST = Duration.ofSeconds(5);

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

  /** A question, asked when its turn comes. */
  private interface Question extends Supplier<CompletableFuture<Consumer<PolledJob>>> {}

  /** Asks the second half. A failed part is left out. */
  CompletableFuture<Answer> rest(List<JobSummary> jobs) {
    var questions = new ArrayList<Question>();
    if (due.savepoint()) {
      String jobId = target.jobId().orElseThrow();
      questions.add(() -> savepoint(jobId, target.triggerId().orElseThrow()));
    }
    if (due.taskManagers()) {
      questions.add(
          () -> part(rest.taskManagers(target.address()), (f, seen) -> f.taskManagers = seen));
    }
    if (due.application()) {
      questions.add(() -> part(application(), PolledJob::application));
    }
    target.own(jobs).ifPresent(job -> questions.addAll(job(job.id())));
    var parts = new ArrayList<Consumer<PolledJob>>();
    long end = System.nanoTime() + LONGEST.toNanos();
    return inTurn(questions.iterator(), parts, end).thenApply(done -> new Answer(jobs, parts));
  }

  private static CompletableFuture<Void> inTurn(
      Iterator<Question> questions, List<Consumer<PolledJob>> parts, long end) {
    if (!questions.hasNext() || System.nanoTime() > end) {
      return CompletableFuture.completedFuture(null);
    }
    return questions
        .next()
        .get()
        .thenCompose(
            part -> {
              parts.add(part);
              return inTurn(questions, parts, end);
            });
  }

  /** Why the application has ended; empty: it has not. */
  private CompletableFuture<Optional<ObservedApplication>> application() {
    var address = target.address();
    return rest.applications(address)
        .thenCompose(
            all ->
                all.stream()
                    .filter(ApplicationSummary::ended)
                    .findFirst()
                    .map(
                        ended ->
                            rest.applicationFailure(address, ended.id())
                                .thenApply(
                                    why ->
                                        Optional.of(
                                            new ObservedApplication(
                                                ended.state(), ended.jobs(), why))))
                    .orElse(CompletableFuture.completedFuture(Optional.empty())));
  }

  private CompletableFuture<Consumer<PolledJob>> savepoint(String jobId, String triggerId) {
    return part(
        rest.savepointProgress(target.address(), jobId, triggerId),
        (facts, seen) -> facts.savepoint = Optional.of(seen));
  }

  /** Last what Flink itself may have to wait for. */
  private List<Question> job(String jobId) {
    var address = target.address();
    var questions = new ArrayList<Question>();
    questions.add(
        () ->
            part(
                rest.checkpoints(address, jobId),
                (facts, seen) -> seen.ifPresent(known -> facts.checkpoints = known)));
    // Of metrics Flink answers with those that it collected for the question before, and then
    // collects anew. Asked first, a lag is always as old as the time between two looks: asked after
    // the graph it would be old or new as it happens, and seem to stand still and to jump.
    due.sources().stream().limit(MAX_SOURCES).forEach(one -> questions.add(() -> lag(jobId, one)));
    if (target.loads()) {
      due.sources().stream()
          .filter(one -> !one.feeds() && due.lagMetrics().containsKey(one.id()))
          .limit(MAX_SOURCES)
          .forEach(one -> questions.add(() -> reads(jobId, one)));
    }
    if (due.graph()) {
      questions.add(
          () -> part(rest.graph(address, jobId), (facts, seen) -> seen.ifPresent(facts::graph)));
    }
    if (due.requirements()) {
      questions.add(
          () ->
              part(
                  rest.requirements(address, jobId),
                  (facts, seen) -> seen.ifPresent(known -> facts.requirements = known)));
    }
    if (due.bufferTimeout()) {
      questions.add(
          () ->
              part(rest.bufferTimeoutMillis(address), (facts, seen) -> facts.bufferTimeout = seen));
    }
    if (due.restarts()) {
      questions.add(
          () ->
              part(
                  rest.restarts(address, jobId),
                  (facts, seen) -> seen.ifPresent(known -> facts.restarts = known)));
    }
    if (due.failure()) {
      questions.add(
          () ->
              part(
                  rest.lastFailure(address, jobId),
                  (facts, seen) -> {
                    facts.failure = seen;
                    facts.explainedRestarts = due.explains();
                  }));
    }
    due.flushedIn()
        .ifPresent(
            id ->
                questions.add(
                    () ->
                        part(
                            rest.threadNames(address, id).exceptionally(failure -> List.of()),
                            PolledJob::threads)));
    return questions;
  }

  private CompletableFuture<Consumer<PolledJob>> lag(String jobId, Vertex source) {
    var address = target.address();
    List<String> known = due.lagMetrics().getOrDefault(source.id(), List.of());
    var listed =
        known.isEmpty()
            ? rest.sourceMetrics(address, jobId, source.id()).thenApply(seen -> Optional.of(seen))
            : CompletableFuture.completedFuture(Optional.<SourceMetrics>empty());
    var names = listed.thenApply(seen -> seen.map(SourceMetrics::pendingRecords).orElse(known));
    var lag =
        names.thenCompose(
            metrics ->
                metrics.isEmpty()
                    ? CompletableFuture.completedFuture(OptionalLong.empty())
                    : rest.sum(address, jobId, source.id(), metrics));
    return part(
        lag,
        (facts, sum) -> {
          listed.join().ifPresent(seen -> facts.partitions.seen(source.id(), seen.partitions()));
          if (sum.isPresent()) {
            facts.lags.put(source.id(), sum.getAsLong());
            facts.lagMetrics.put(source.id(), names.join());
          } else {
            facts.lags.remove(source.id());
            facts.lagMetrics.remove(source.id());
          }
        });
  }

  /** Of a source that sends to no other vertex the graph does not tell what it reads. */
  private CompletableFuture<Consumer<PolledJob>> reads(String jobId, Vertex source) {
    List<String> names =
        due.lagMetrics().get(source.id()).stream()
            .map(name -> name.replaceFirst("pendingRecords$", "numRecordsIn"))
            .toList();
    return part(
        rest.sum(target.address(), jobId, source.id(), names),
        (facts, sum) ->
            sum.ifPresentOrElse(
                read -> facts.reads.put(source.id(), read), () -> facts.reads.remove(source.id())));
  }

  private static <T> CompletableFuture<Consumer<PolledJob>> part(
      CompletableFuture<T> call, BiConsumer<PolledJob, T> write) {
    return call.handle(
        (value, failure) -> failure == null ? facts -> write.accept(facts, value) : facts -> {});
  }
}
