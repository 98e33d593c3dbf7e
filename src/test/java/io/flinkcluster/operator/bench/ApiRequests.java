package io.flinkcluster.operator.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often the API server was asked for what, in its own words.
 *
 * @param counts by verb and resource, for instance {@code APPLY deployments} or {@code PUT
 *     flinkclusters/status}
 */
record ApiRequests(Map<String, Long> counts) {
  private static final Pattern SAMPLE =
      Pattern.compile("^apiserver_request_total\\{(.*)} ([0-9.e+]+)$", Pattern.MULTILINE);
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

  /** What a cluster is made of. */
  private static final Set<String> OBJECTS =
      Set.of("configmaps", "services", "deployments", "networkpolicies", "poddisruptionbudgets");

  /**
   * The requests that only an operator makes: server-side apply, whatever concerns the resource
   * itself, and looks at single objects of a cluster.
   *
   * @param metrics what the API server's {@code /metrics} answered
   */
  static ApiRequests ofOperator(String metrics) {
    var counts = new TreeMap<String, Long>();
    Matcher sample = SAMPLE.matcher(metrics);
    while (sample.find()) {
      Map<String, String> labels = labels(sample.group(1));
      String verb = labels.getOrDefault("verb", "");
      String resource = labels.getOrDefault("resource", "");
      String subresource = labels.getOrDefault("subresource", "");
      if (resource.equals("flinkclusters")
          || verb.equals("APPLY")
          || verb.equals("GET") && subresource.isEmpty() && OBJECTS.contains(resource)) {
        counts.merge(
            verb + " " + resource + (subresource.isEmpty() ? "" : "/" + subresource),
            (long) Double.parseDouble(sample.group(2)),
            Long::sum);
      }
    }
    return new ApiRequests(counts);
  }

  private static Map<String, String> labels(String text) {
    var labels = new HashMap<String, String>();
    Matcher label = LABEL.matcher(text);
    while (label.find()) {
      labels.put(label.group(1), label.group(2));
    }
    return labels;
  }

  /** Those since an earlier look, without what was not asked for since. */
  ApiRequests since(ApiRequests earlier) {
    var more = new TreeMap<String, Long>();
    counts.forEach(
        (what, count) -> {
          long since = count - earlier.counts.getOrDefault(what, 0L);
          if (since > 0) {
            more.put(what, since);
          }
        });
    return new ApiRequests(more);
  }
}
