package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;

/** What remains of a job that has come to its own end. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AfterFinishSpec(
    @JsonPropertyDescription(
            "How long the pods of a job that has come to its own end are kept, for their logs and"
                + " Flink's web UI: a whole number and a unit, for instance 30m; 0: not at all;"
                + " unset: 1h. Then only the status stays. A change touches nothing that runs, and"
                + " counts for a job that has ended already, too.")
        @ValidationRule(
            value =
                "type(self) == int ? self == 0 : self.matches('^(0|[0-9]{1,12}(ms|s|m|min|h|d))$')",
            message = "keep must be a duration such as 30m, 1h or 7d, or 0 to keep no pods at all")
        @Size(max = 32)
        IntOrString keep) {

  /** What counts where nothing is said. */
  public static final AfterFinishSpec DEFAULT = new AfterFinishSpec(new IntOrString("1h"));

  /** The duration as text. */
  public String duration() {
    return keep.getValue().toString();
  }
}
