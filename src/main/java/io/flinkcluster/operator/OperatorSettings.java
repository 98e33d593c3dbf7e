package io.flinkcluster.operator;

import io.flinkcluster.operator.flinkconf.DefaultOptions;
import io.flinkcluster.operator.model.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the operator is told from outside, fixed for its lifetime. {@link #from} is the only place
 * that interprets the environment; {@code LOG_LEVEL} is read by {@code logback.xml} itself, and the
 * address of the API server by the Kubernetes client.
 *
 * @param watchNamespaces namespaces whose FlinkClusters are served ({@code WATCH_NAMESPACES},
 *     separated by commas); empty means all
 * @param podNamespace namespace the operator runs in ({@code POD_NAMESPACE}, required): home of its
 *     lease, and what a cluster's NetworkPolicy lets in
 * @param podName name of the operator's pod ({@code POD_NAME}): its identity in leader election;
 *     required where leader election is on, else may be empty
 * @param leaderElection whether this process works only while it holds the lease ({@code
 *     LEADER_ELECTION}, {@code true} or {@code false}, default {@code true})
 * @param leaseName name of the lease ({@code LEASE_NAME}, default {@code flinkcluster-operator})
 * @param httpPort port of probes and metrics ({@code HTTP_PORT}, 0–65535, default 8080; 0 takes any
 *     free one)
 * @param reconcileThreads how many clusters are worked on at once ({@code RECONCILE_THREADS},
 *     1–256, default 16)
 * @param operatorLabels labels that select the operator's pods ({@code OPERATOR_LABELS}, {@code
 *     key=value} separated by commas, default {@code
 *     app.kubernetes.io/name=flinkcluster-operator}); a cluster's NetworkPolicy lets these reach
 *     the REST port
 * @param image the operator's own image ({@code OPERATOR_IMAGE}, default {@code
 *     flinkcluster-operator}, which is right only by chance): pods of clusters run it to fetch what
 *     they need
 * @param watchNodes whether jobs are moved from nodes that are about to go ({@code WATCH_NODES},
 *     {@code true} or {@code false}, default {@code false}); needs rights on nodes
 * @param defaults options of Flink for clusters that say nothing else ({@code
 *     DEFAULT_FLINK_CONFIGURATION}, a JSON object, and {@code
 *     DEFAULT_FLINK_CONFIGURATION_BY_VERSION}, a JSON object of such objects by version; default
 *     none)
 */
public record OperatorSettings(
    Set<String> watchNamespaces,
    String podNamespace,
    String podName,
    boolean leaderElection,
    String leaseName,
    int httpPort,
    int reconcileThreads,
    Map<String, String> operatorLabels,
    String image,
    boolean watchNodes,
    DefaultOptions defaults) {

  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final String DEFAULT_LABELS = Labels.NAME + "=" + Labels.OPERATOR;

  public OperatorSettings {
    watchNamespaces = Set.copyOf(watchNamespaces);
    operatorLabels = Map.copyOf(operatorLabels);
  }

  /**
   * Settings of an operator without leader election that serves the given namespaces, on any free
   * port: what a program needs that runs the operator in its own process.
   *
   * @param podNamespace namespace the operator counts as running in
   * @param watchNamespaces namespaces to serve; none means all
   */
  public static OperatorSettings embedded(String podNamespace, String... watchNamespaces) {
    return new OperatorSettings(
        Set.of(watchNamespaces),
        podNamespace,
        "",
        false,
        Labels.OPERATOR,
        0,
        4,
        Map.of(Labels.NAME, Labels.OPERATOR),
        Labels.OPERATOR,
        false,
        DefaultOptions.NONE);
  }

  /**
   * Reads the variables named above; a blank one counts as not given.
   *
   * @throws IllegalArgumentException naming every variable that is missing or wrong
   */
  public static OperatorSettings from(Map<String, String> environment) {
    var read = new Reading(environment);
    boolean leaderElection = read.bool("LEADER_ELECTION", true);
    var settings =
        new OperatorSettings(
            read.namespaces("WATCH_NAMESPACES"),
            read.required("POD_NAMESPACE"),
            leaderElection ? read.required("POD_NAME") : read.text("POD_NAME", ""),
            leaderElection,
            read.text("LEASE_NAME", Labels.OPERATOR),
            read.number("HTTP_PORT", 8080, 0, 65_535),
            read.number("RECONCILE_THREADS", 16, 1, 256),
            read.labels("OPERATOR_LABELS", DEFAULT_LABELS),
            read.text("OPERATOR_IMAGE", Labels.OPERATOR),
            read.bool("WATCH_NODES", false),
            read.defaults());
    read.refuseProblems();
    return settings;
  }

  private static final class Reading {
    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    Reading(Map<String, String> environment) {
      this.environment = environment;
    }

    String text(String name, String otherwise) {
      String value = environment.getOrDefault(name, "").strip();
      return value.isEmpty() ? otherwise : value;
    }

    String required(String name) {
      String value = text(name, "");
      if (value.isEmpty()) {
        problems.add(name + " is not set");
      }
      return value;
    }

    boolean bool(String name, boolean otherwise) {
      String value = text(name, Boolean.toString(otherwise));
      if (!value.equals("true") && !value.equals("false")) {
        problems.add(name + " must be true or false, not '" + value + "'");
      }
      return value.equals("true");
    }

    int number(String name, int otherwise, int min, int max) {
      String value = text(name, Integer.toString(otherwise));
      int number = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : -1;
      if (number < min || number > max) {
        problems.add(
            name + " must be a number from " + min + " to " + max + ", not '" + value + "'");
      }
      return number;
    }

    Set<String> namespaces(String name) {
      var namespaces = new TreeSet<String>();
      for (String item : items(text(name, ""))) {
        if (!DNS_LABEL.matcher(item).matches()) {
          problems.add(name + " holds '" + item + "', which is not the name of a namespace");
        }
        namespaces.add(item);
      }
      return namespaces;
    }

    Map<String, String> labels(String name, String otherwise) {
      var labels = new TreeMap<String, String>();
      for (String item : items(text(name, otherwise))) {
        int equals = item.indexOf('=');
        if (equals < 1) {
          problems.add(name + " must be key=value separated by commas, not '" + item + "'");
        } else {
          labels.put(item.substring(0, equals), item.substring(equals + 1));
        }
      }
      return labels;
    }

    DefaultOptions defaults() {
      return FlinkDefaults.read(
          text(FlinkDefaults.FOR_ALL, "{}"), text(FlinkDefaults.BY_VERSION, "{}"), problems);
    }

    void refuseProblems() {
      if (!problems.isEmpty()) {
        throw new IllegalArgumentException(
            "The operator's environment is wrong: " + String.join("; ", problems));
      }
    }

    private static List<String> items(String list) {
      return List.of(list.split(",")).stream()
          .map(String::strip)
          .filter(item -> !item.isEmpty())
          .toList();
    }
  }
}
