package io.flinkcluster.operator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkcluster.operator.api.FlinkCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Which fields of two resources differ. Only their names: values may be secret. */
final class ChangedFields {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ChangedFields() {}

  /** Paths below the spec, in alphabetical order; a pod template is one field. */
  static List<String> paths(FlinkCluster before, FlinkCluster after) {
    var paths = new ArrayList<String>();
    collect("", tree(before), tree(after), paths);
    return paths;
  }

  private static JsonNode tree(FlinkCluster cluster) {
    return MAPPER.valueToTree(cluster.getSpec());
  }

  private static void collect(String path, JsonNode before, JsonNode after, List<String> paths) {
    if (before != null && before.equals(after)) {
      return;
    }
    boolean inside =
        before != null
            && after != null
            && before.isObject()
            && after.isObject()
            && !path.endsWith("podTemplate");
    if (!inside) {
      paths.add(path);
      return;
    }
    var names = new TreeSet<String>();
    before.fieldNames().forEachRemaining(names::add);
    after.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      JsonNode old = before.get(name);
      JsonNode now = after.get(name);
      if (old != null || now != null) {
        collect(path.isEmpty() ? name : path + "." + name, old, now, paths);
      }
    }
  }
}
