package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** The job of an application cluster. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.parallelism) || self.parallelism <= self.maxParallelism",
    messageExpression =
        "'parallelism %d must not exceed maxParallelism %d'.format([self.parallelism,"
            + " self.maxParallelism])",
    fieldPath = ".parallelism")
@ValidationRule(
    value = "self.upgradeMode == 'Stateless' || self.maxParallelism == oldSelf.maxParallelism",
    message =
        "maxParallelism is fixed with the job's state and cannot change; to start with empty state"
            + " set upgradeMode: Stateless in the same change",
    fieldPath = ".maxParallelism")
public record JobSpec(
    @JsonPropertyDescription(
            "Where the job's jar is: local:///path inside the image, or s3://bucket/path and"
                + " https://host/path, which every new JobManager pod fetches with the job's"
                + " identity before it starts: give each version a name of its own and overwrite"
                + " none. At most 1 GiB. A change restarts the job with its state.")
        @Pattern("^(local:///|s3://|https://).+$")
        @Size(max = 2048)
        String jarURI,
    @JsonPropertyDescription(
            "The class with the main method; unset: the one named in the jar's manifest. A change"
                + " restarts the job with its state.")
        @Pattern("^[A-Za-z_$][A-Za-z0-9_$]*(\\.[A-Za-z_$][A-Za-z0-9_$]*)*$")
        @Size(max = 512)
        String entryClass,
    @JsonPropertyDescription(
            "Arguments of the main method; they arrive literally. A change restarts the job with"
                + " its state.")
        @Size(max = 256)
        List<@Size(max = 8192) String> args,
    @JsonPropertyDescription(
            "Parallelism of the job, at most the number of slots; unset: taskManager.replicas times"
                + " taskManager.taskSlots. A change rescales the job.")
        @Min(1)
        @Max(32768)
        Integer parallelism,
    @JsonPropertyDescription(
            "The largest parallelism the job's state can ever be spread over. It is fixed with the"
                + " state: it can change only together with upgradeMode: Stateless.")
        @Default("720")
        @Min(1)
        @Max(32768)
        Integer maxParallelism,
    @JsonPropertyDescription(
            "How state is carried over a change that restarts the job: Savepoint stops the job with"
                + " a savepoint, LastCheckpoint takes the newest completed checkpoint, Stateless"
                + " starts empty. The first two need storage. A change alone touches nothing that"
                + " runs.")
        @Default("Savepoint")
        UpgradeMode upgradeMode,
    @JsonPropertyDescription(
            "A savepoint that the first start of this cluster begins from, and every further run of a"
                + " job that has come to its own end. Later changes of it are ignored otherwise.")
        @Size(max = 2048)
        @Pattern("^[a-z][a-z0-9+.-]*:/.+$")
        String initialSavepoint,
    @JsonPropertyDescription(
            "Start even if the savepoint holds state that no operator of the job takes; that state"
                + " is lost. A change alone touches nothing that runs.")
        @Default("false")
        Boolean allowNonRestoredState,
    @JsonPropertyDescription(
            "What deletion of the resource does to the job; unset: Savepoint where a savepoint"
                + " directory is known, else Cancel. A change touches nothing that runs.")
        OnDelete onDelete,
    @JsonPropertyDescription(
            "What this resource does with the state that a deleted one of its name left behind in"
                + " the ConfigMap NAME-final-savepoint. Refuse: it starts nothing until"
                + " initialSavepoint names that state, or the ConfigMap is deleted. Continue: its"
                + " first start begins from that state, whatever initialSavepoint says, once: after"
                + " that only the state it leaves itself counts. With onDelete: Cancel none is"
                + " left. A change touches nothing that runs.")
        @Default("Refuse")
        OnRecreate onRecreate,
    @JsonPropertyDescription(
            "What a change of the spec, which would restart a running job, does to one that has come"
                + " to its own end. OnChange runs it again from the beginning, as its first start:"
                + " from initialSavepoint, else with empty state, since Flink deletes the"
                + " checkpoints of a job that finishes. A change of nothing but the size runs"
                + " nothing. Never keeps what was done, says in the conditions that the change was"
                + " not run, and leaves that to the annotation flinkcluster.io/restart. A change"
                + " alone touches nothing that runs.")
        @Default("OnChange")
        Rerun rerun,
    @JsonPropertyDescription(
            "What remains of the job when it has come to its own end. A change touches nothing that"
                + " runs.")
        AfterFinishSpec afterFinish) {

  /** The same job with another parallelism. */
  public JobSpec withParallelism(Integer parallelism) {
    return new JobSpec(
        jarURI,
        entryClass,
        args,
        parallelism,
        maxParallelism,
        upgradeMode,
        initialSavepoint,
        allowNonRestoredState,
        onDelete,
        onRecreate,
        rerun,
        afterFinish);
  }
}
