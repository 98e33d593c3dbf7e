package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Hadoop's configuration files. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HadoopConfSpec(
    @JsonPropertyDescription(
            "The ConfigMap with core-site.xml, hdfs-site.xml and the like; it must exist before"
                + " pods are created. A change restarts the job with its state. What it holds is"
                + " read when Flink starts: after an edit set the annotation"
                + " flinkcluster.io/restart to a new value.")
        @Required
        @Size(min = 1, max = 253)
        String configMapName,
    @JsonPropertyDescription(
            "Where it is mounted; HADOOP_CONF_DIR is set to it. A change restarts the job with its"
                + " state.")
        @Default("/etc/hadoop/conf")
        @Pattern("^/[^:]*$")
        @Size(max = 512)
        String mountPath) {}
