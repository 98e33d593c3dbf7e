package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** Where the state of the job is kept, and how often. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StorageSpec(
    @JsonPropertyDescription(
            "Base directory, for instance s3://bucket/flink: checkpoints/, savepoints/ and ha/ of"
                + " this cluster live under <baseURI>/<namespace>/<name>/. A change restarts the"
                + " job with its state.")
        @Pattern("^[a-z][a-z0-9+.-]*:/.+$")
        @Size(max = 1024)
        String baseURI,
    @JsonPropertyDescription(
            "Directory of checkpoints, instead of one below baseURI. A change restarts the job with"
                + " its state.")
        @Pattern("^[a-z][a-z0-9+.-]*:/.+$")
        @Size(max = 1024)
        String checkpoints,
    @JsonPropertyDescription(
            "Directory of savepoints, instead of one below baseURI. A change restarts the job with"
                + " its state.")
        @Pattern("^[a-z][a-z0-9+.-]*:/.+$")
        @Size(max = 1024)
        String savepoints,
    @JsonPropertyDescription(
            "Directory of high availability data, instead of one below baseURI. A change restarts"
                + " the job with its state.")
        @Pattern("^[a-z][a-z0-9+.-]*:/.+$")
        @Size(max = 1024)
        String highAvailability,
    @JsonPropertyDescription(
            "How often a checkpoint is taken, for instance 60s. A change restarts the job with its"
                + " state.")
        @Default("60s")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        String checkpointInterval,
    @JsonPropertyDescription(
            "Where working state is kept: HashMap on the heap, RocksDB on disk. A change restarts"
                + " the job with its state.")
        @Default("HashMap")
        StateBackend stateBackend,
    @JsonPropertyDescription(
            "The S3 plugin that is enabled, with the credential settings that IRSA and EKS Pod"
                + " Identity need; used only where a directory is on S3. A change restarts the job"
                + " with its state.")
        @Default("Presto")
        S3Plugin s3Plugin,
    @JsonPropertyDescription(
            "How often a savepoint is taken while the job runs, at least 10s, for instance 6h;"
                + " unset: never. One is due when the newest savepoint, whoever asked for it, is"
                + " older than this; it waits while a change is under way. Without savepointHistory"
                + " all are kept. A change touches nothing that runs.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        String savepointInterval,
    @JsonPropertyDescription(
            "Which savepoints are kept, of those that the operator took by itself: by the schedule"
                + " of savepointInterval, and for changes (rescale, upgrade, restart, suspend). The"
                + " limits hold for each of these two kinds on its own. Those above a limit are"
                + " deleted by Flink while the job runs. Never deleted: a savepoint asked for by the"
                + " annotation flinkcluster.io/savepoint, the newest of each kind, the restore point,"
                + " the one that what runs was started from,"
                + " and what lies outside this cluster's directory of savepoints. Unset: nothing is"
                + " deleted. A change touches nothing that runs.")
        SavepointHistory savepointHistory) {

  /** Most savepoints of a kind that can be kept: each stands in the status. */
  public static final int MOST_SAVEPOINTS = 100;

  /** Limits of the savepoints that are kept; the newest of each kind is always kept. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SavepointHistory(
      @JsonPropertyDescription(
              "How many savepoints of each kind are kept at most; unset: no limit. A change touches"
                  + " nothing that runs.")
          @Min(1)
          @Max(MOST_SAVEPOINTS)
          Integer maxCount,
      @JsonPropertyDescription(
              "How old a kept savepoint may be, for instance 7d; unset: any age. A change touches"
                  + " nothing that runs.")
          @Pattern(Durations.PATTERN)
          @Size(max = 32)
          String maxAge) {}
}
