package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A Secret mounted as files that only Flink's user can read. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.mode.matches('^0?[0-7]00$')",
    messageExpression =
        "'mode ' + self.mode + ' lets group or others read the key file; use 0400 (or 0600)'",
    fieldPath = ".mode")
public record SecretFile(
    @JsonPropertyDescription(
            "The Secret. A change restarts the job with its state. What it holds is read when a pod"
                + " starts: after a rotation set the annotation flinkcluster.io/restart to a new"
                + " value.")
        @Required
        @Size(min = 1, max = 253)
        String secretName,
    @JsonPropertyDescription(
            "The directory its keys appear in as files. A change restarts the job with its state.")
        @Required
        @Pattern("^/[^:]*$")
        @Size(max = 512)
        String mountPath,
    @JsonPropertyDescription(
            "Mode of the files, octal; readable by the owner only. A change restarts the job with"
                + " its state.")
        @Default("0400")
        @Pattern("^0?[0-7]{3}$")
        @Size(max = 4)
        String mode) {}
