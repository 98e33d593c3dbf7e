package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.function.Consumer;

/** Identity of the current start. Every start has its own epoch and job id. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LaunchStatus(
    @JsonPropertyDescription("Number of the start; never used twice.") Long epoch,
    @JsonPropertyDescription("Flink's id of the job; unset for a session cluster.") String jobId,
    @JsonPropertyDescription("Fingerprint of the spec that was started.") String fingerprint,
    @JsonPropertyDescription("Generation of the spec that was started.") Long generation,
    @JsonPropertyDescription("The savepoint or checkpoint it started from; unset: empty state.")
        String restoredFrom,
    @JsonPropertyDescription(
            "Uid of the one JobManager pod that may run this start; set where a second pod would"
                + " start again from an old state.")
        String jobManagerPod,
    @JsonPropertyDescription(
            "When this start was stopped for good, RFC 3339 in UTC; unset while it is meant to run.")
        String stoppedAt,
    @JsonPropertyDescription(
            "When the job came to its own end, RFC 3339 in UTC; a job that has is run again by a"
                + " change of the spec where job.rerun lets it, or by the annotation"
                + " flinkcluster.io/restart.")
        String finishedAt,
    @JsonPropertyDescription(
            "The size it has by now, set since its job was first rescaled in place, or since the"
                + " number of TaskManagers of its session cluster was changed; unset: the size it"
                + " was started with.")
        SizeStatus size,
    @JsonPropertyDescription(
            "Where checkpoints may be that nobody saw, of jobs that were lost soon after their"
                + " start, or a savepoint that a JobManager was writing when it was lost; the"
                + " JobManager's pod looks there before it takes restoredFrom.")
        List<String> snapshotSearchDirectories,
    @JsonPropertyDescription(
            "Where a savepoint may lie that the JobManager of this start was asked for, and that may"
                + " not be the newest state of its job, or not complete; the next start looks.")
        String unconfirmedSavepointDirectory,
    @JsonPropertyDescription(
            "When its JobManager was lost, or removed, before its job was seen to end, RFC 3339 in"
                + " UTC: the job may have completed a snapshot that nobody saw, so that the next"
                + " start must look.")
        String lostAt,
    @JsonPropertyDescription(
            "Whether its JobManager's pod was prepared before the one that ran had stopped, and"
                + " begins when it is released; unset: it was made after that.")
        Boolean prepared) {

  /** A start of the size it was made with, before which no job was lost unseen. */
  public LaunchStatus(
      Long epoch,
      String jobId,
      String fingerprint,
      Long generation,
      String restoredFrom,
      String jobManagerPod,
      String stoppedAt,
      String finishedAt) {
    this(
        epoch,
        jobId,
        fingerprint,
        generation,
        restoredFrom,
        jobManagerPod,
        stoppedAt,
        finishedAt,
        null,
        null,
        null,
        null,
        null);
  }

  /** Whether its JobManager's pod waits, or has waited, for its release. */
  public boolean waitsForRelease() {
    return Boolean.TRUE.equals(prepared);
  }

  /** The same start, whose JobManager's pod is there already and waits for its release. */
  public LaunchStatus withPrepared(Boolean prepared) {
    return with(copy -> copy.prepared = prepared);
  }

  /** The same start, run by this JobManager pod and by no other. */
  public LaunchStatus withJobManagerPod(String uid) {
    return with(copy -> copy.jobManagerPod = uid);
  }

  /** The same start, stopped for good. */
  public LaunchStatus withStoppedAt(String moment) {
    return with(copy -> copy.stoppedAt = moment);
  }

  /** The same start, whose job came to its own end. */
  public LaunchStatus withFinishedAt(String moment) {
    return with(copy -> copy.finishedAt = moment);
  }

  /** The same start at this size. */
  public LaunchStatus withSize(SizeStatus size) {
    return with(copy -> copy.size = size);
  }

  /** The same start, which runs another spec since it was rescaled in place. */
  public LaunchStatus resized(Long generation, String fingerprint, SizeStatus size) {
    return with(
        copy -> {
          copy.generation = generation;
          copy.fingerprint = fingerprint;
          copy.size = size;
        });
  }

  /** The same start, which looks for checkpoints in these directories; null: nowhere. */
  public LaunchStatus withSnapshotSearchDirectories(List<String> directories) {
    return with(copy -> copy.snapshotSearchDirectories = directories);
  }

  /** The same start, of which a savepoint may lie in this directory; null: none does. */
  public LaunchStatus withUnconfirmedSavepointDirectory(String directory) {
    return with(copy -> copy.unconfirmedSavepointDirectory = directory);
  }

  /** The same start, whose end nobody saw; null: it was seen, or looked for since. */
  public LaunchStatus withLostAt(String moment) {
    return with(copy -> copy.lostAt = moment);
  }

  private LaunchStatus with(Consumer<Copy> change) {
    var copy = new Copy(this);
    change.accept(copy);
    return new LaunchStatus(
        epoch,
        jobId,
        copy.fingerprint,
        copy.generation,
        restoredFrom,
        copy.jobManagerPod,
        copy.stoppedAt,
        copy.finishedAt,
        copy.size,
        copy.snapshotSearchDirectories,
        copy.unconfirmedSavepointDirectory,
        copy.lostAt,
        copy.prepared);
  }

  /** What may change of a start. */
  private static final class Copy {
    private String fingerprint;
    private Long generation;
    private String jobManagerPod;
    private String stoppedAt;
    private String finishedAt;
    private SizeStatus size;
    private List<String> snapshotSearchDirectories;
    private String unconfirmedSavepointDirectory;
    private String lostAt;
    private Boolean prepared;

    private Copy(LaunchStatus launch) {
      fingerprint = launch.fingerprint;
      generation = launch.generation;
      jobManagerPod = launch.jobManagerPod;
      stoppedAt = launch.stoppedAt;
      finishedAt = launch.finishedAt;
      size = launch.size;
      snapshotSearchDirectories = launch.snapshotSearchDirectories;
      unconfirmedSavepointDirectory = launch.unconfirmedSavepointDirectory;
      lostAt = launch.lostAt;
      prepared = launch.prepared;
    }
  }
}
