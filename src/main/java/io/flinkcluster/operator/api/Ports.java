package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/** The ports of Flink's processes. None is random; each lies in 6000 to 60000; all differ. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value =
        "[self.jobManagerRpc, self.blob, self.rest, self.taskManagerRpc, self.taskManagerData,"
            + " self.queryService, self.metrics].all(p, [self.jobManagerRpc, self.blob, self.rest,"
            + " self.taskManagerRpc, self.taskManagerData, self.queryService,"
            + " self.metrics].exists_one(q, q == p))",
    message =
        "all seven ports must differ; defaults are jobManagerRpc 6123, blob 6124, rest 8081,"
            + " taskManagerRpc 6122, taskManagerData 6121, queryService 6125, metrics 9249")
public record Ports(
    @JsonPropertyDescription("RPC of the JobManager. A change restarts the job with its state.")
        @Default("6123")
        @Min(6000)
        @Max(60000)
        Integer jobManagerRpc,
    @JsonPropertyDescription(
            "Blob server of the JobManager. A change restarts the job with its state.")
        @Default("6124")
        @Min(6000)
        @Max(60000)
        Integer blob,
    @JsonPropertyDescription(
            "REST API and web UI of the JobManager. A change restarts the job with its state.")
        @Default("8081")
        @Min(6000)
        @Max(60000)
        Integer rest,
    @JsonPropertyDescription("RPC of the TaskManagers. A change restarts the job with its state.")
        @Default("6122")
        @Min(6000)
        @Max(60000)
        Integer taskManagerRpc,
    @JsonPropertyDescription(
            "Data exchange between TaskManagers. A change restarts the job with its state.")
        @Default("6121")
        @Min(6000)
        @Max(60000)
        Integer taskManagerData,
    @JsonPropertyDescription(
            "Internal metric query service of both processes. A change restarts the job with its"
                + " state.")
        @Default("6125")
        @Min(6000)
        @Max(60000)
        Integer queryService,
    @JsonPropertyDescription(
            "Prometheus metrics of both processes. A change restarts the job with its state.")
        @Default("9249")
        @Min(6000)
        @Max(60000)
        Integer metrics) {}
