package io.flinkcluster.operator.model;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the state of a deleted cluster lies, as the ConfigMap says that it left behind.
 *
 * @param path of its final savepoint, or of its newest checkpoint
 * @param searchDirectories where a newer snapshot may lie that nobody saw, the latest job first;
 *     empty: none may
 * @param continuedBy uid of the FlinkCluster that has begun from it since; empty: none has. Its
 *     state is newer, wherever it lies
 */
public record FinalSavepoint(
    String path, List<String> searchDirectories, Optional<String> continuedBy) {
  /** Key of the path in the ConfigMap. */
  public static final String PATH = "path";

  /** Key of the directories to search in the ConfigMap, one on each line. */
  public static final String SEARCH_DIRECTORIES = "searchDirectories";

  /** Key of the uid of who has begun from it. */
  public static final String CONTINUED_BY = "continuedBy";

  /** What the ConfigMap says; empty: it names no path. */
  public static Optional<FinalSavepoint> read(ConfigMap configMap) {
    Map<String, String> data = configMap.getData() == null ? Map.of() : configMap.getData();
    return Optional.ofNullable(data.get(PATH))
        .map(
            path ->
                new FinalSavepoint(
                    path,
                    data.getOrDefault(SEARCH_DIRECTORIES, "")
                        .lines()
                        .filter(line -> !line.isBlank())
                        .toList(),
                    Optional.ofNullable(data.get(CONTINUED_BY))));
  }
}
