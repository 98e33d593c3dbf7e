package io.flinkcluster.operator.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Hours in which the size is left as it is. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QuietHoursSpec(
    @JsonPropertyDescription(
            "Days on which they begin: Mon, Tue, Wed, Thu, Fri, Sat, Sun; unset: every day. A"
                + " change touches nothing that runs.")
        @Size(max = 7)
        List<@Pattern("^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)$") String> days,
    @JsonPropertyDescription(
            "When they begin, for instance 08:00, in local time. A change touches nothing that"
                + " runs.")
        @Required
        @Pattern("^([01][0-9]|2[0-3]):[0-5][0-9]$")
        String from,
    @JsonPropertyDescription(
            "When they end; not after from: on the next day. A change touches nothing that runs.")
        @Required
        @Pattern("^([01][0-9]|2[0-3]):[0-5][0-9]$")
        String to,
    @JsonPropertyDescription(
            "Whose local time it is, a name of the time zone database, for instance Europe/Berlin."
                + " A change touches nothing that runs.")
        @Default("UTC")
        @Size(min = 1, max = 64)
        String timeZone) {}
