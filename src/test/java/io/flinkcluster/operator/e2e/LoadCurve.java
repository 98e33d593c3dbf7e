package io.flinkcluster.operator.e2e;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.JobStatus;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.TaskManagersStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What the status of a cluster says over a run, second by second: kept as a table and drawn when it
 * is closed, both in {@code target}.
 */
final class LoadCurve implements AutoCloseable {
  /**
   * What was seen in one second.
   *
   * @param seconds since the beginning
   * @param comesIn records that the test lets come in, per second
   * @param waiting records that wait at the sources
   * @param taskManagers registered with the JobManager
   * @param changes whether an operation was under way
   */
  record Sample(double seconds, int comesIn, long waiting, int taskManagers, boolean changes) {}

  /** A moment that the picture names. */
  record Mark(double seconds, String text) {}

  private final ClusterUnderTest job;
  private final Instant begun = Instant.now();
  private final List<Sample> samples = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private int comesIn;

  LoadCurve(ClusterUnderTest job) {
    this.job = job;
    timer.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
  }

  private double now() {
    return Duration.between(begun, Instant.now()).toMillis() / 1000.0;
  }

  /** So many records a second come in from now on. */
  synchronized void comesIn(int perSecond) {
    comesIn = perSecond;
    mark(perSecond + "/s come in");
  }

  /** Something is true from now on that the picture is to name. */
  synchronized void mark(String text) {
    marks.add(new Mark(now(), text));
  }

  private void look() {
    try {
      job.get().map(c -> c.getStatus()).ifPresent(this::take);
    } catch (KubernetesClientException e) {
      System.err.println("a second without a sample: " + e.getMessage());
    }
  }

  private synchronized void take(FlinkClusterStatus status) {
    Optional<JobStatus> seen = Optional.ofNullable(status.job());
    Optional<OperationStatus> operation = Optional.ofNullable(status.operation());
    samples.add(
        new Sample(
            now(),
            comesIn,
            seen.map(JobStatus::sourceLag).orElse(0L),
            Optional.ofNullable(status.taskManagers()).map(TaskManagersStatus::ready).orElse(0),
            operation.isPresent()));
  }

  @Override
  public synchronized void close() {
    timer.shutdownNow();
    var lines = new ArrayList<String>(List.of("seconds,comes_in,waiting,taskmanagers,changes"));
    for (Sample s : samples) {
      lines.add(
          "%.1f,%d,%d,%d,%s"
              .formatted(s.seconds(), s.comesIn(), s.waiting(), s.taskManagers(), s.changes()));
    }
    try {
      Files.write(Path.of("target", "autoscaling.csv"), lines);
      Files.writeString(Path.of("target", "autoscaling.svg"), CurvePicture.of(samples, marks));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
