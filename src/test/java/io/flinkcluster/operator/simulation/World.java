package io.flinkcluster.operator.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.flinkcluster.operator.judge.Event;
import io.flinkcluster.operator.judge.History;
import io.flinkcluster.operator.judge.Judge;
import io.flinkcluster.operator.judge.Verdict;
import io.flinkcluster.operator.observe.PodTransform;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The whole of it, and what people do in it. */
final class World {
  static final String NAMESPACE = "ns";
  static final Config EMPTY = Config.empty();
  private static final YAMLMapper YAML = new YAMLMapper();
  static final KubernetesSerialization TYPES = new KubernetesSerialization();
  private static final long LONGEST = 40 * 60_000L;
  private static final int MOST_PASSES = 500;

  final SimulatedTime time = new SimulatedTime();
  final History history = new History();
  final SimulatedApiServer api = new SimulatedApiServer(time, history);
  final SimulatedStorage storage = new SimulatedStorage(time, history);
  final SimulatedCluster kubernetes = new SimulatedCluster(time, api, storage);
  final SimulatedFlink flink = new SimulatedFlink(time, history, storage, kubernetes);
  private final Seams seams;
  private final List<OperatorProcess> operators = new ArrayList<>();
  private final Map<ObjectNode, HasMetadata> typed = new IdentityHashMap<>();
  private final Map<HasMetadata, HasMetadata> trimmed = new IdentityHashMap<>();
  private final List<RuntimeException> failures = new ArrayList<>();
  private final List<String> markers = new ArrayList<>();
  private int begun;

  /** The operator reconciles again and again, and no time passes. */
  private boolean stuck;

  World() {
    this(Seams.NONE);
  }

  World(Seams seams) {
    this.seams = seams;
    kubernetes.flink(flink);
    api.watch(changed -> operators.forEach(o -> o.hear(changed)));
  }

  // --- the operator ---

  /** Another process of the operator begins. */
  OperatorProcess beginOperator() {
    var operator = new OperatorProcess(this, "operator-" + ++begun, seams);
    operators.add(operator);
    return operator;
  }

  /** The last process that was begun. */
  OperatorProcess operator() {
    return operators.get(operators.size() - 1);
  }

  /** The operator ends and another process begins. */
  OperatorProcess restartOperator() {
    operator().die();
    return beginOperator();
  }

  /** All processes of the operator, also the dead ones. */
  List<OperatorProcess> operators() {
    return List.copyOf(operators);
  }

  void failure(RuntimeException failure) {
    failures.add(failure);
  }

  /** What reconciles have ended with. */
  List<RuntimeException> failures() {
    return failures;
  }

  /** An object that does not change any more, as an instance of its kind: always the same one. */
  @SuppressWarnings("unchecked")
  <R> R typed(ObjectNode object, Class<R> kind) {
    return (R) typed.computeIfAbsent(object, o -> (HasMetadata) TYPES.convertValue(o, kind));
  }

  /** As an informer keeps it. */
  <R extends HasMetadata> R cached(ObjectNode object, Class<R> kind) {
    HasMetadata typed = typed(object, kind);
    return kind.cast(
        typed instanceof Pod pod
            ? trimmed.computeIfAbsent(pod, p -> PodTransform.trim(pod))
            : typed);
  }

  long takenAt(String path) {
    for (int i = history.events().size() - 1; i >= 0; i--) {
      if (history.events().get(i) instanceof Event.SnapshotTaken taken
          && taken.path().equals(path)) {
        return taken.at();
      }
    }
    return 0;
  }

  // --- time ---

  /** Lets the world go on until something is the case; whether it came to that in time. */
  boolean until(BooleanSupplier end, long millis) {
    if (stuck) {
      return false;
    }
    long limit = time.now() + millis;
    int passes = 0;
    while (true) {
      boolean any = time.runDue();
      for (OperatorProcess operator : List.copyOf(operators)) {
        any |= operator.work();
      }
      if (end.getAsBoolean()) {
        return true;
      }
      if (any) {
        if (++passes > MOST_PASSES) {
          stuck = true;
          return false;
        }
        continue;
      }
      long next = time.next().orElse(Long.MAX_VALUE);
      for (OperatorProcess operator : operators) {
        next = Math.min(next, operator.nextDue());
      }
      if (next > limit) {
        time.passTo(limit);
        return end.getAsBoolean();
      }
      time.passTo(next);
      passes = 0;
    }
  }

  /** Lets the world go on for so long. */
  void pass(long millis) {
    until(() -> false, millis);
  }

  /**
   * Lets the world go on until the cluster is as it should be, replacing an operator that has died.
   *
   * @return whether it came to that
   */
  boolean converge(String cluster, BooleanSupplier end) {
    String uid = uid(cluster);
    long began = time.now();
    while (time.now() - began < LONGEST && !stuck) {
      if (operators.stream().allMatch(OperatorProcess::dead)) {
        beginOperator();
      }
      if (until(() -> end.getAsBoolean() || operator().dead(), 60_000)) {
        if (end.getAsBoolean() && operators.stream().anyMatch(o -> !o.dead())) {
          act("converged", uid, "");
          return true;
        }
      } else {
        act("waiting", uid, "");
      }
    }
    act("not-converged", uid, status(cluster).map(JsonNode::toString).orElse("gone"));
    return false;
  }

  /** For so long nothing is to be done: whoever writes now writes for nothing. */
  void rest(long millis) {
    boolean checkpointing = flink.checkpointing;
    flink.checkpointing = false;
    pass(150_000);
    act("quiet", "", "");
    pass(millis);
    act("unquiet", "", "");
    flink.checkpointing = checkpointing;
  }

  // --- people ---

  void act(String what, String cluster, String detail) {
    history.add(new Event.Act(time.now(), what, cluster, detail));
  }

  private static ObjectNode yaml(String text) {
    try {
      return (ObjectNode) YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Creates a cluster with this spec; returns its uid. */
  String create(String name, String spec) {
    ObjectNode object = ApiObjects.object();
    object.put("apiVersion", "flinkcluster.io/v1").put("kind", "FlinkCluster");
    object.putObject("metadata").put("name", name).put("namespace", NAMESPACE);
    object.set("spec", yaml(spec));
    String uid = api.put("user", "flinkclusters", object).at("/metadata/uid").asText();
    act("created", uid, "");
    return uid;
  }

  Optional<ObjectNode> cluster(String name) {
    return api.get("flinkclusters", NAMESPACE, name);
  }

  String uid(String name) {
    return cluster(name).map(c -> c.at("/metadata/uid").asText()).orElse("");
  }

  Optional<JsonNode> status(String name) {
    return cluster(name).map(c -> c.path("status"));
  }

  void edit(String name, Consumer<ObjectNode> change) {
    cluster(name)
        .ifPresent(
            there -> {
              ObjectNode copy = there.deepCopy();
              change.accept(copy);
              api.put("user", "flinkclusters", copy);
            });
  }

  /** Merges these lines of YAML into the spec. */
  void spec(String name, String merge) {
    spec(name, merge, true);
  }

  void spec(String name, String merge, boolean valid) {
    act(valid ? "spec" : "invalid-spec", uid(name), merge);
    edit(name, c -> ApiObjects.mergePatch((ObjectNode) c.get("spec"), yaml(merge), ""));
  }

  void annotate(String name, String key, String value) {
    String what =
        key.equals("restart")
            ? "restart-token"
            : key.equals("savepoint") ? "savepoint-token" : "annotation";
    act(what, uid(name), value);
    edit(
        name,
        c -> {
          ObjectNode meta = (ObjectNode) c.get("metadata");
          ObjectNode annotations =
              meta.has("annotations")
                  ? (ObjectNode) meta.get("annotations")
                  : meta.putObject("annotations");
          annotations.put("flinkcluster.io/" + key, value);
        });
  }

  void delete(String name) {
    cluster(name)
        .ifPresent(
            c -> {
              act("deleted", uid(name), "");
              api.delete("user", "flinkclusters", c);
            });
  }

  void fault(String what) {
    act("fault", "", what);
  }

  /** A secret value that must be seen nowhere. */
  void marker(String value) {
    markers.add(value);
  }

  // --- what is the case ---

  boolean gone(String name) {
    return cluster(name).isEmpty();
  }

  /** Whether the last change is carried out, and this phase reached. */
  boolean settled(String name, String phase) {
    return cluster(name).filter(c -> SampleCluster.settled(c, phase)).isPresent();
  }

  boolean condition(String name, String type, String status) {
    return status(name)
        .filter(
            s -> {
              for (JsonNode condition : s.path("conditions")) {
                if (condition.path("type").asText().equals(type)) {
                  return condition.path("status").asText().equals(status);
                }
              }
              return false;
            })
        .isPresent();
  }

  /** Whether the job runs as the spec says. */
  boolean ready(String name) {
    return settled(name, "Running") && condition(name, "Ready", "True");
  }

  Optional<SimulatedJob> job(String name) {
    return flink.job(uid(name));
  }

  /** The JobManager pods of a cluster. */
  List<ObjectNode> jobManagerPods(String name) {
    return kubernetes.pods(uid(name), "jobmanager");
  }

  Verdict judge() {
    return Judge.judge(history, markers);
  }
}
