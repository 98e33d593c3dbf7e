package io.flinkcluster.operator.testcluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.flinkcluster.operator.model.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a pod's process was told: its arguments, read as Flink reads them (2.3: the first unknown
 * token ends the options), and its configuration file.
 *
 * @param owner uid of its FlinkCluster
 * @param jobId empty in a session cluster
 * @param options the configuration file, with {@code -D} over it
 */
record FlinkProcess(
    String pod,
    String uid,
    String ip,
    String cluster,
    String owner,
    long epoch,
    boolean application,
    Optional<String> jobId,
    Optional<String> fromSavepoint,
    List<String> searched,
    Map<String, String> options) {

  /** First words of the entrypoint, of the image's and of the operator's own. */
  private static final List<String> APPLICATION = List.of("standalone-job", "job");

  private static final List<String> ROLES =
      List.of("standalone-job", "job", "jobmanager", "session", "taskmanager");

  static boolean isFlink(Pod pod) {
    return pod.getMetadata().getLabels() != null
        && pod.getMetadata().getLabels().containsKey(Labels.CLUSTER);
  }

  /** Whether the start script refuses to run a second time in the same pod. */
  static boolean startsOnce(Pod pod) {
    return variable(pod, "FLINKCLUSTER_START_MARK_DIR").isPresent();
  }

  /** Whether it waits for its release. */
  static boolean held(Pod pod) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    return annotations != null && "".equals(annotations.get(Labels.RELEASE));
  }

  /** Uid, restore point and directories that it was released with; empty: it was not prepared. */
  private static List<String> release(Pod pod) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    String release = annotations == null ? null : annotations.get(Labels.RELEASE);
    return release == null ? List.of() : release.lines().toList();
  }

  /** Whether it refuses a job that has run before, in whatever pod. */
  static boolean looksForItself(Pod pod) {
    return variable(pod, "FLINKCLUSTER_OWN_DIRECTORY").isPresent();
  }

  private static Optional<String> variable(Pod pod, String name) {
    return pod.getSpec().getContainers().stream()
        .filter(container -> container.getName().equals("flink"))
        .flatMap(container -> container.getEnv().stream())
        .filter(env -> env.getName().equals(name))
        .map(EnvVar::getValue)
        .findFirst();
  }

  static FlinkProcess of(Pod pod, String ip, Function<String, ConfigMap> configMaps) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    Container flink =
        pod.getSpec().getContainers().stream()
            .filter(container -> container.getName().equals("flink"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no container named flink"));
    List<String> words =
        Stream.of(flink.getCommand(), flink.getArgs())
            .filter(Objects::nonNull)
            .flatMap(List::stream)
            .toList();
    var options = configuration(pod, configMaps);
    var flags = new HashMap<String, String>();
    read(words, flags, options);
    return new FlinkProcess(
        pod.getMetadata().getName(),
        pod.getMetadata().getUid(),
        ip,
        labels.get(Labels.CLUSTER),
        labels.getOrDefault(Labels.UID, ""),
        Long.parseLong(labels.getOrDefault(Labels.EPOCH, "0")),
        words.stream().anyMatch(APPLICATION::contains),
        Optional.ofNullable(flags.get("--job-id")),
        release(pod).stream()
            .skip(1)
            .limit(1)
            .filter(path -> !path.isEmpty())
            .findFirst()
            .or(() -> Optional.ofNullable(flags.get("--fromSavepoint"))),
        searched(pod),
        Map.copyOf(options));
  }

  /** Where the pod looks for a newer snapshot, on S3 and on volumes, as URIs. */
  private static List<String> searched(Pod pod) {
    return Stream.concat(
            variable(pod, "FLINKCLUSTER_SNAPSHOT_DIRECTORIES").stream().flatMap(String::lines),
            release(pod).stream().skip(2))
        .map(directory -> directory.startsWith("/") ? "file://" + directory : directory)
        .toList();
  }

  private static void read(
      List<String> words, Map<String, String> flags, Map<String, String> options) {
    var rest = new ArrayList<>(words);
    while (!rest.isEmpty() && !ROLES.contains(rest.remove(0))) {
      continue;
    }
    while (!rest.isEmpty() && !rest.get(0).startsWith("-")) {
      rest.remove(0);
    }
    while (!rest.isEmpty()) {
      String word = rest.remove(0);
      switch (word) {
        case "-D" -> option(rest.remove(0), options);
        case "--allowNonRestoredState", "-n" -> flags.put("--allowNonRestoredState", "true");
        case "--job-id", "-jid" -> flags.put("--job-id", rest.remove(0));
        case "--fromSavepoint", "-s" -> flags.put("--fromSavepoint", rest.remove(0));
        case "--job-classname", "-j", "--jars", "-jars", "--configDir", "-c" -> rest.remove(0);
        default -> {
          if (!word.startsWith("-D")) {
            return;
          }
          option(word.substring(2), options);
        }
      }
    }
  }

  private static void option(String text, Map<String, String> options) {
    int equals = text.indexOf('=');
    options.put(text.substring(0, equals), text.substring(equals + 1));
  }

  private static Map<String, String> configuration(
      Pod pod, Function<String, ConfigMap> configMaps) {
    var options = new HashMap<String, String>();
    pod.getSpec().getVolumes().stream()
        .filter(volume -> volume.getConfigMap() != null)
        .map(volume -> configMaps.apply(volume.getConfigMap().getName()))
        .filter(map -> map != null && map.getData() != null)
        .forEach(
            map ->
                map.getData()
                    .forEach(
                        (file, text) -> {
                          if (file.equals("config.yaml") || file.equals("flink-conf.yaml")) {
                            flatten("", yaml(text), options);
                          }
                        }));
    return options;
  }

  private static JsonNode yaml(String text) {
    try {
      return new YAMLMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> options) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  flatten(
                      prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(),
                      field.getValue(),
                      options));
    } else {
      options.put(prefix, node.asText());
    }
  }

  int number(String option, int otherwise) {
    return Integer.parseInt(options.getOrDefault(option, Integer.toString(otherwise)));
  }

  int restPort() {
    return number("rest.port", number("rest.bind-port", 8081));
  }

  int slots() {
    return number("taskmanager.numberOfTaskSlots", 1);
  }

  boolean highlyAvailable() {
    String type =
        options.getOrDefault(
            "high-availability.type", options.getOrDefault("high-availability", "NONE"));
    return !type.equalsIgnoreCase("none");
  }

  boolean checkpointed() {
    return options.containsKey("execution.checkpointing.interval");
  }
}
