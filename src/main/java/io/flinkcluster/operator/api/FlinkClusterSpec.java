package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.List;
import java.util.Map;

/**
 * What a user wants to run. Every field may be null; defaults come from the schema. Messages with
 * numbers use {@code format} (Kubernetes 1.29 and later): the API server takes the result of {@code
 * string(int)} for unbounded and refuses the rule as too expensive (seen with 1.34).
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "!has(self.job) || !has(self.job.parallelism) || self.job.parallelism <= (has(self.taskManager)"
            + " ? self.taskManager.replicas * self.taskManager.taskSlots : 1) || (self.suspend &&"
            + " has(self.taskManager) && self.taskManager.replicas == 0)",
    messageExpression =
        "'job.parallelism %d needs as many slots, but taskManager.replicas x taskManager.taskSlots is"
            + " %d; add TaskManagers or slots, or lower job.parallelism'.format("
            + "[self.job.parallelism, has(self.taskManager) ? self.taskManager.replicas *"
            + " self.taskManager.taskSlots : 1])",
    fieldPath = ".job.parallelism")
@ValidationRule(
    value =
        "!has(self.job) || !has(self.taskManager) || has(self.job.parallelism) ||"
            + " self.taskManager.replicas * self.taskManager.taskSlots <= self.job.maxParallelism",
    messageExpression =
        "'taskManager.replicas x taskManager.taskSlots is %d and becomes the parallelism, which must"
            + " not exceed job.maxParallelism %d'.format([self.taskManager.replicas *"
            + " self.taskManager.taskSlots, self.job.maxParallelism])",
    fieldPath = ".taskManager.replicas")
@ValidationRule(
    value =
        "!has(self.job) || !has(self.taskManager) || self.taskManager.replicas > 0 || self.suspend",
    message =
        "a cluster with a job needs at least one TaskManager; to stop the job and keep its state"
            + " set suspend: true",
    fieldPath = ".taskManager.replicas")
@ValidationRule(
    value =
        "!has(self.job) || self.job.upgradeMode == 'Stateless' || (has(self.storage) &&"
            + " (has(self.storage.baseURI) || (has(self.storage.checkpoints) &&"
            + " has(self.storage.savepoints))))",
    message =
        "job.upgradeMode Savepoint and LastCheckpoint need storage.baseURI (or storage.checkpoints"
            + " and storage.savepoints); a job whose state may be lost says upgradeMode: Stateless",
    fieldPath = ".storage")
@ValidationRule(
    value =
        "!has(self.jobManager) || self.jobManager.replicas == 1 || (has(self.highAvailability) &&"
            + " self.highAvailability.enabled)",
    message = "more than one JobManager needs highAvailability.enabled: true",
    fieldPath = ".jobManager.replicas")
@ValidationRule(
    value =
        "!has(self.highAvailability) || !self.highAvailability.enabled || (has(self.storage) &&"
            + " (has(self.storage.baseURI) || has(self.storage.highAvailability)))",
    message = "highAvailability.enabled needs storage.baseURI or storage.highAvailability",
    fieldPath = ".highAvailability")
@ValidationRule(
    value = "has(self.job) == has(oldSelf.job)",
    message =
        "a cluster cannot change between application (with job) and session (without job); delete"
            + " it and create a new one",
    fieldPath = ".job")
public record FlinkClusterSpec(
    @JsonPropertyDescription(
            "Flink version of the image; it decides file names, option names and start arguments. A"
                + " change restarts the job with its state.")
        @Required
        FlinkVersion flinkVersion,
    @JsonPropertyDescription(
            "The Flink image; the job's jar is in it or in job.jarURI. A change restarts the job"
                + " with its state.")
        @Required
        @Pattern("^[^\\s]+$")
        @Size(min = 1, max = 512)
        String image,
    @JsonPropertyDescription(
            "When the image is pulled: Always, IfNotPresent or Never; unset: as in a pod. A change"
                + " restarts the job with its state.")
        @Pattern("^(Always|IfNotPresent|Never)$")
        String imagePullPolicy,
    @JsonPropertyDescription(
            "Secrets with the credentials of the image registry. A change restarts the job with its"
                + " state.")
        @Size(max = 16)
        List<ImagePullSecret> imagePullSecrets,
    @JsonPropertyDescription(
            "ServiceAccount of the Flink pods; IRSA and EKS Pod Identity hang on it. A change"
                + " restarts the job with its state.")
        @Default("flink")
        @Size(min = 1, max = 253)
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        String serviceAccountName,
    @JsonPropertyDescription(
            "true: stop the job with a savepoint and keep it; false: resume from it.")
        @Default("false")
        Boolean suspend,
    @JsonPropertyDescription(
            "How long a record may wait in a network buffer before it is sent: 100ms, 5ms, 1s; a"
                + " plain number is milliseconds. -1: only full buffers are sent (highest"
                + " throughput). 0: after every record (severe throughput loss, accepted with a"
                + " warning). Unset: Flink's 100 ms. A change restarts the job with its state.")
        @ValidationRule(
            value =
                "type(self) == int ? self >= -1 : self.matches('^(-1 ?(ms)?|[0-9]{1,12} ?(ms|s|m|min|h|d)?)$')",
            message =
                "bufferTimeout must be a duration such as 100ms, 5ms or 1s, a plain number of"
                    + " milliseconds, or -1 to send only full buffers; leave it out for Flink's 100"
                    + " ms")
        IntOrString bufferTimeout,
    @JsonPropertyDescription(
            "Ports of Flink's processes: fixed, within 6000 to 60000, all different. A change"
                + " restarts the job with its state.")
        Ports ports,
    @JsonPropertyDescription(
            "The job of an application cluster; absent: a session cluster. Cannot be added to or"
                + " removed from an existing cluster.")
        JobSpec job,
    @JsonPropertyDescription("The JobManager, which coordinates the job.")
        JobManagerSpec jobManager,
    // The default makes the scale subresource whole: without it an autoscaler reads 0 replicas, and
    // what kubectl scale writes into an absent object gets no defaults (seen on Kubernetes 1.34).
    @JsonPropertyDescription("The TaskManagers, which run the job's tasks.") @Default("{}")
        TaskManagerSpec taskManager,
    @JsonPropertyDescription(
            "A pod template merged over the rendered pods of both components, by name: containers,"
                + " volumes, env, ports. The Flink container is named flink. A change restarts the"
                + " job with its state.")
        ObjectNode podTemplate,
    @JsonPropertyDescription("On which nodes the pods are placed; unset: wherever there is room.")
        PlacementSpec placement,
    @JsonPropertyDescription("Where checkpoints, savepoints and high availability data are kept.")
        StorageSpec storage,
    @JsonPropertyDescription("High availability of the JobManager.")
        HighAvailabilitySpec highAvailability,
    @JsonPropertyDescription("How a change of size is carried out.") RescaleSpec rescale,
    @JsonPropertyDescription("How the size of the job follows its load; unset: it does not.")
        AutoscalingSpec autoscaling,
    @JsonPropertyDescription(
            "How long a change may take until the job runs again, for instance 10m; then it is"
                + " rolled back. A change touches nothing that runs.")
        @Default("10m")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        String changeTimeout,
    @JsonPropertyDescription(
            "Return to the last spec that ran, from the point before the change, when a change"
                + " fails. A change touches nothing that runs.")
        @Default("true")
        Boolean rollback,
    @JsonPropertyDescription(
            "Hadoop's configuration, mounted with HADOOP_CONF_DIR set to it and on Flink's class"
                + " path. Hadoop's classes come with the image: in Flink's lib directory, or where"
                + " HADOOP_CLASSPATH says, a variable of the image or of a pod template.")
        HadoopConfSpec hadoopConf,
    @JsonPropertyDescription("Secrets mounted as key files that only Flink's user can read.")
        @Size(max = 32)
        List<SecretFile> secretFiles,
    @JsonPropertyDescription(
            "Any Flink option, as in Flink's own configuration. What the version does not know is"
                + " refused with what was probably meant, and options that the operator owns with"
                + " the field to use instead. ${secret:NAME/KEY} as a value stands for key KEY of"
                + " Secret NAME: it is read when a pod starts, and stands nowhere else; after a"
                + " rotation set the annotation flinkcluster.io/restart to a new value. A change"
                + " restarts the job with its state.")
        @Size(max = 1024)
        Map<String, @Size(max = 16384) String> flinkConfiguration,
    @JsonPropertyDescription(
            "Logging configuration files by name: log4j-console.properties, logback-console.xml. A"
                + " change restarts the job with its state.")
        @Size(max = 8)
        Map<String, @Size(max = 65536) String> logConfiguration,
    @JsonPropertyDescription("An Ingress for the REST API and web UI; absent: none.")
        IngressSpec ingress,
    @JsonPropertyDescription("The NetworkPolicy of the cluster's pods; on by default.")
        NetworkPolicySpec networkPolicy,
    @JsonPropertyDescription(
            "Labels and annotations for every object that is made for the cluster: pods,"
                + " Deployments, Services, ConfigMaps, policies, the Ingress, events.")
        ChildMetadataSpec childMetadata) {

  /** The same spec with other TaskManagers. */
  public FlinkClusterSpec withTaskManager(TaskManagerSpec taskManager) {
    return new FlinkClusterSpec(
        flinkVersion,
        image,
        imagePullPolicy,
        imagePullSecrets,
        serviceAccountName,
        suspend,
        bufferTimeout,
        ports,
        job,
        jobManager,
        taskManager,
        podTemplate,
        placement,
        storage,
        highAvailability,
        rescale,
        autoscaling,
        changeTimeout,
        rollback,
        hadoopConf,
        secretFiles,
        flinkConfiguration,
        logConfiguration,
        ingress,
        networkPolicy,
        childMetadata);
  }

  /** The same spec with another job. */
  public FlinkClusterSpec withJob(JobSpec job) {
    return new FlinkClusterSpec(
        flinkVersion,
        image,
        imagePullPolicy,
        imagePullSecrets,
        serviceAccountName,
        suspend,
        bufferTimeout,
        ports,
        job,
        jobManager,
        taskManager,
        podTemplate,
        placement,
        storage,
        highAvailability,
        rescale,
        autoscaling,
        changeTimeout,
        rollback,
        hadoopConf,
        secretFiles,
        flinkConfiguration,
        logConfiguration,
        ingress,
        networkPolicy,
        childMetadata);
  }

  /** The same spec with other Flink options. */
  public FlinkClusterSpec withFlinkConfiguration(Map<String, String> flinkConfiguration) {
    return new FlinkClusterSpec(
        flinkVersion,
        image,
        imagePullPolicy,
        imagePullSecrets,
        serviceAccountName,
        suspend,
        bufferTimeout,
        ports,
        job,
        jobManager,
        taskManager,
        podTemplate,
        placement,
        storage,
        highAvailability,
        rescale,
        autoscaling,
        changeTimeout,
        rollback,
        hadoopConf,
        secretFiles,
        flinkConfiguration,
        logConfiguration,
        ingress,
        networkPolicy,
        childMetadata);
  }
}
