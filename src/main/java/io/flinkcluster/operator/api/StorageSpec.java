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
            "How often a savepoint is taken while the job runs; unset: never. A change touches"
                + " nothing that runs.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        String savepointInterval,
    @JsonPropertyDescription("How many savepoints are kept. A change touches nothing that runs.")
        SavepointHistory savepointHistory) {

  /** Limits of the savepoints that are kept; the newest is always kept. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SavepointHistory(
      @JsonPropertyDescription(
              "How many savepoints are kept at most; unset: no limit. A change touches nothing that"
                  + " runs.")
          @Min(1)
          @Max(1000)
          Integer maxCount,
      @JsonPropertyDescription(
              "How old a kept savepoint may be, for instance 7d; unset: any age. A change touches"
                  + " nothing that runs.")
          @Pattern(Durations.PATTERN)
          @Size(max = 32)
          String maxAge) {}
}
