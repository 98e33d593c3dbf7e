package io.flinkcluster.operator.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What differs between the spec that runs and the spec that is wanted, as far as it matters to what
 * runs.
 *
 * @param kind what it takes
 * @param changes one line per field, for people: {@code taskManager.replicas 1 → 2}; values that
 *     may be secret (arguments, pod templates, {@code flinkConfiguration}) are not shown
 */
public record SpecDiff(Kind kind, List<String> changes) {

  private static final Set<String> NUMBER = Set.of("taskManager.replicas", "job.parallelism");
  private static final Set<String> SIZE =
      Set.of("taskManager.replicas", "taskManager.taskSlots", "job.parallelism");
  private static final int SHOWN = 80;

  /** What a difference takes. */
  public enum Kind {
    /** Only parallelism or replicas differ: a running job can take that up. */
    RESIZE,
    /** Only the size differs, the slots of each TaskManager as well. */
    RESCALE,
    /** Something else differs, perhaps the size as well. */
    RESTART
  }

  /** The difference; empty where the running cluster already is what is wanted. */
  public static Optional<SpecDiff> between(CheckedCluster running, CheckedCluster wanted) {
    var before = leaves(running);
    var after = leaves(wanted);
    var paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    paths.removeIf(path -> before.containsKey(path) && before.get(path).equals(after.get(path)));
    if (paths.isEmpty()) {
      return Optional.empty();
    }
    var changes = new ArrayList<String>();
    paths.forEach(path -> changes.add(change(path, before.get(path), after.get(path))));
    return Optional.of(new SpecDiff(kind(paths), List.copyOf(changes)));
  }

  private static Kind kind(Set<String> paths) {
    if (NUMBER.containsAll(paths)) {
      return Kind.RESIZE;
    }
    return SIZE.containsAll(paths) ? Kind.RESCALE : Kind.RESTART;
  }

  /** Whether nothing but the size differs. */
  public boolean sizeOnly() {
    return kind != Kind.RESTART;
  }

  /** All changes as one line. */
  public String summary() {
    return String.join(", ", changes);
  }

  private static String change(String path, String before, String after) {
    if (before == null) {
      return secret(path) ? path + " added" : path + " " + cut(after) + " added";
    }
    if (after == null) {
      return path + " removed";
    }
    return secret(path) ? path + " changed" : path + " " + cut(before) + " → " + cut(after);
  }

  private static String cut(String value) {
    return value.length() <= SHOWN ? value : value.substring(0, SHOWN) + "…";
  }

  private static boolean secret(String path) {
    return path.equals("job.args")
        || path.endsWith("podTemplate")
        || path.startsWith("flinkConfiguration.")
        || path.startsWith("logConfiguration.");
  }

  private static TreeMap<String, String> leaves(CheckedCluster cluster) {
    var leaves = new TreeMap<String, String>();
    collect("", tree(cluster), leaves);
    return leaves;
  }

  private static void collect(String path, JsonNode node, TreeMap<String, String> leaves) {
    if (!node.isObject() || path.endsWith("podTemplate")) {
      leaves.put(path, node.isValueNode() ? node.asText() : SpecJson.text(node));
      return;
    }
    node.properties()
        .forEach(
            field ->
                collect(
                    path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                    field.getValue(),
                    leaves));
  }

  private static ObjectNode tree(CheckedCluster cluster) {
    return SpecFingerprint.tree(
        cluster.spec(), cluster.bufferTimeout(), cluster.dirs(), cluster.parallelism());
  }
}
