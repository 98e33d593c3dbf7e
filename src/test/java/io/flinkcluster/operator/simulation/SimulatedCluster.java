package io.flinkcluster.operator.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.judge.Event;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The controllers of Deployments and ReplicaSets, the garbage collector, and the kubelets. */
final class SimulatedCluster {
  private static final String EPOCH = "flinkcluster.io/epoch";
  private static final String CLUSTER = "flinkcluster.io/cluster";
  private static final String UID = "flinkcluster.io/uid";
  private static final String COMPONENT = "app.kubernetes.io/component";

  private final SimulatedTime time;
  private final SimulatedApiServer api;
  private final SimulatedStorage storage;
  private SimulatedFlink flink;
  private final Set<String> scheduled = new HashSet<>();
  private final Set<String> ending = new HashSet<>();

  /** Pods in which Flink has started once: on the node's disk, so that a reboot keeps it. */
  private final Set<String> marks = new HashSet<>();

  /** Addresses of JobManager pods that were prepared and wait for their release. */
  private final Map<String, String> held = new HashMap<>();

  private final Map<String, Integer> restarts = new HashMap<>();
  private boolean syncPlanned;
  private int ips;
  private int names;

  /** Pods that no node has room for. */
  Predicate<JsonNode> unschedulable = p -> false;

  /** Pods whose image cannot be pulled. */
  Predicate<JsonNode> broken = p -> false;

  /** Pods that the controllers are not allowed to make. */
  boolean quota;

  /** How long a pod takes to end once it is deleted, in milliseconds. */
  long termination = 1_000;

  /** A pod is listed for so long after its processes have ended, as with real kubelets. */
  private static final long LISTED = 500;

  SimulatedCluster(SimulatedTime time, SimulatedApiServer api, SimulatedStorage storage) {
    this.time = time;
    this.api = api;
    this.storage = storage;
    api.watch(this::changed);
  }

  void flink(SimulatedFlink flink) {
    this.flink = flink;
  }

  private void changed(Event.Changed changed) {
    if (Set.of("deployments", "replicasets", "pods").contains(changed.kind())) {
      sync();
    }
  }

  private void sync() {
    if (!syncPlanned) {
      syncPlanned = true;
      time.after(
          20,
          () -> {
            syncPlanned = false;
            controllers();
          });
    }
  }

  /** As something in the world has changed that no object tells. */
  void retry() {
    sync();
  }

  private void controllers() {
    for (ObjectNode deployment : api.list("deployments")) {
      deployment(deployment);
    }
    for (ObjectNode set : api.list("replicasets")) {
      replicaSet(set);
    }
    for (ObjectNode pod : api.list("pods")) {
      pod(pod);
    }
  }

  private static String uid(JsonNode object) {
    return object.at("/metadata/uid").asText();
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  private static String namespace(JsonNode object) {
    return object.at("/metadata/namespace").asText();
  }

  private static boolean deleting(JsonNode object) {
    return object.path("metadata").has("deletionTimestamp");
  }

  private static String owner(JsonNode object) {
    return object.at("/metadata/ownerReferences/0/uid").asText("");
  }

  private void deployment(ObjectNode deployment) {
    if (deleting(deployment)) {
      return;
    }
    Optional<ObjectNode> own =
        api.list("replicasets").stream().filter(r -> owner(r).equals(uid(deployment))).findFirst();
    int replicas = deployment.at("/spec/replicas").asInt(1);
    ObjectNode set = own.map(ObjectNode::deepCopy).orElseGet(() -> owned(deployment, "ReplicaSet"));
    ObjectNode spec = set.has("spec") ? (ObjectNode) set.get("spec") : set.putObject("spec");
    spec.put("replicas", replicas);
    spec.set("template", deployment.at("/spec/template").deepCopy());
    api.put("", "replicasets", set);
    conditions(deployment);
  }

  private void conditions(ObjectNode deployment) {
    ObjectNode copy = deployment.deepCopy();
    ObjectNode status =
        copy.has("status") ? (ObjectNode) copy.get("status") : copy.putObject("status");
    status.remove("conditions");
    if (quota) {
      status
          .putArray("conditions")
          .addObject()
          .put("type", "ReplicaFailure")
          .put("status", "True")
          .put("reason", "FailedCreate")
          .put("message", "pods is forbidden: exceeded quota: all");
    }
    api.put("", "deployments", copy);
  }

  private ObjectNode owned(JsonNode owner, String kind) {
    ObjectNode object = ApiObjects.object();
    object.put("apiVersion", kind.equals("Pod") ? "v1" : "apps/v1").put("kind", kind);
    ObjectNode meta = object.putObject("metadata");
    meta.put("namespace", namespace(owner));
    meta.put("name", name(owner) + "-" + String.format("%05x", ++names));
    meta.set(
        "labels",
        (kind.equals("Pod")
                ? owner.at("/spec/template/metadata/labels")
                : owner.at("/spec/template/metadata/labels"))
            .deepCopy());
    if (kind.equals("Pod") && owner.at("/spec/template/metadata/annotations").isObject()) {
      meta.set("annotations", owner.at("/spec/template/metadata/annotations").deepCopy());
    }
    meta.putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "apps/v1")
        .put("kind", owner.path("kind").asText())
        .put("name", name(owner))
        .put("uid", uid(owner))
        .put("controller", true);
    return object;
  }

  private void replicaSet(ObjectNode set) {
    boolean orphan = api.list("deployments").stream().noneMatch(d -> uid(d).equals(owner(set)));
    if (orphan) {
      api.remove("", "replicasets", set);
      return;
    }
    if (deleting(set)) {
      return;
    }
    List<ObjectNode> active =
        api.list("pods").stream()
            .filter(p -> owner(p).equals(uid(set)) && !deleting(p))
            .filter(p -> !Set.of("Failed", "Succeeded").contains(p.at("/status/phase").asText()))
            .toList();
    int wanted = set.at("/spec/replicas").asInt();
    for (int i = active.size(); i < wanted && !quota; i++) {
      ObjectNode pod = owned(set, "Pod");
      pod.set("spec", set.at("/spec/template/spec").deepCopy());
      pod.putObject("status").put("phase", "Pending");
      api.put("", "pods", pod);
    }
    active.stream()
        .sorted(
            Comparator.comparingInt(
                p ->
                    p.at("/metadata/annotations/controller.kubernetes.io~1pod-deletion-cost")
                        .asInt(0)))
        .limit(Math.max(0, active.size() - wanted))
        .forEach(p -> api.delete("", "pods", p));
  }

  private void pod(ObjectNode pod) {
    String uid = uid(pod);
    boolean orphan =
        !owner(pod).isEmpty()
            && api.list("replicasets").stream().noneMatch(r -> uid(r).equals(owner(pod)));
    if (orphan && !deleting(pod)) {
      api.delete("", "pods", pod);
      return;
    }
    if (deleting(pod)) {
      if (ending.add(uid)) {
        time.after(termination, () -> end(pod));
      }
      return;
    }
    if (held.containsKey(uid) && release(pod).filter(r -> !r.isEmpty()).isPresent()) {
      String ip = held.remove(uid);
      time.after(200, () -> released(namespace(pod), name(pod), uid, ip));
      return;
    }
    boolean waits =
        !pod.at("/spec/schedulingGates").isEmpty()
            || !pod.at("/status/phase").asText().equals("Pending");
    if (waits) {
      return;
    }
    if (unschedulable.test(pod)) {
      problem(pod, null);
    } else if (broken.test(pod)) {
      problem(pod, "ImagePullBackOff");
    } else if (scheduled.add(uid)) {
      time.after(1_500, () -> startContainers(namespace(pod), name(pod), uid));
    }
  }

  private void problem(ObjectNode pod, String waiting) {
    ObjectNode copy = pod.deepCopy();
    ObjectNode status = copy.putObject("status").put("phase", "Pending");
    if (waiting == null) {
      status
          .putArray("conditions")
          .addObject()
          .put("type", "PodScheduled")
          .put("status", "False")
          .put("reason", "Unschedulable")
          .put("message", "0/3 nodes are available: 3 Insufficient memory.");
    } else {
      ((ObjectNode) copy.get("spec")).put("nodeName", "node-1");
      var container = status.putArray("containerStatuses").addObject();
      container.put("name", "flink").put("ready", false).put("restartCount", 0);
      container
          .putObject("state")
          .putObject("waiting")
          .put("reason", waiting)
          .put("message", "Back-off pulling image");
    }
    api.put("", "pods", copy);
  }

  private void end(ObjectNode pod) {
    api.get("pods", namespace(pod), name(pod))
        .filter(p -> uid(p).equals(uid(pod)))
        .ifPresent(
            p -> {
              flink.ended(uid(pod));
              ended(p);
              time.after(LISTED, () -> remove(pod));
            });
  }

  /** As the kubelet says it of a pod that is deleted, before it is gone. */
  private void ended(ObjectNode pod) {
    ObjectNode copy = pod.deepCopy();
    ObjectNode status = copy.putObject("status").put("phase", "Failed");
    ObjectNode container = status.putArray("containerStatuses").addObject();
    container.put("name", "flink").put("ready", false).put("restartCount", 0);
    container
        .putObject("state")
        .putObject("terminated")
        .put("exitCode", 143)
        .put("reason", "Error")
        .put("finishedAt", time.instant().toString());
    api.put("", "pods", copy);
  }

  private void remove(ObjectNode pod) {
    api.get("pods", namespace(pod), name(pod))
        .filter(p -> uid(p).equals(uid(pod)))
        .ifPresent(p -> api.remove("", "pods", p));
  }

  private Optional<ObjectNode> pod(String podUid) {
    return api.list("pods").stream().filter(p -> uid(p).equals(podUid)).findFirst();
  }

  private void startContainers(String namespace, String name, String uid) {
    var there = api.get("pods", namespace, name).filter(p -> uid(p).equals(uid) && !deleting(p));
    if (there.isEmpty()) {
      return;
    }
    ObjectNode pod = there.get().deepCopy();
    if (unschedulable.test(pod) || broken.test(pod)) {
      scheduled.remove(uid);
      sync();
      return;
    }
    String component = pod.at("/metadata/labels").path(COMPONENT).asText();
    if (component.equals("cleanup") || component.equals("storage-check")) {
      ((ObjectNode) pod.get("spec")).put("nodeName", "node-1");
      pod.putObject("status").put("phase", storage.denies ? "Failed" : "Succeeded");
      api.put("", "pods", pod);
      return;
    }
    String ip = "10.0." + ips / 250 + "." + (ips++ % 250 + 1);
    if (component.equals("jobmanager")) {
      startJobManager(pod, ip);
    } else {
      running(pod, ip, 0, true);
      flink.began(
          new SimulatedFlink.TaskManager(
              uid,
              name,
              pod.at("/metadata/labels").path(UID).asText(),
              epoch(pod),
              Integer.parseInt(
                  configuration(pod).getOrDefault("taskmanager.numberOfTaskSlots", "1"))));
    }
  }

  private static long epoch(JsonNode pod) {
    return pod.at("/metadata/labels").path(EPOCH).asLong();
  }

  private void startJobManager(ObjectNode pod, String ip) {
    String uid = uid(pod);
    List<String> directories =
        variable(pod, "FLINKCLUSTER_SNAPSHOT_DIRECTORIES").stream()
            .flatMap(String::lines)
            .filter(l -> !l.isBlank())
            .toList();
    if (storage.denies && !directories.isEmpty()) {
      fetchFails(pod);
      return;
    }
    if (release(pod).filter(String::isEmpty).isPresent()) {
      held.put(uid, ip);
      running(pod, ip, restarts.getOrDefault(uid, 0), false);
      return;
    }
    begin(pod, ip, directories);
  }

  /** What a prepared JobManager is released with; empty: it was not prepared; no text: not yet. */
  private static Optional<String> release(JsonNode pod) {
    JsonNode release = pod.at("/metadata/annotations/flinkcluster.io~1release");
    return release.isMissingNode() ? Optional.empty() : Optional.of(release.asText());
  }

  private void released(String namespace, String name, String uid, String ip) {
    api.get("pods", namespace, name)
        .filter(p -> uid(p).equals(uid) && !deleting(p))
        .filter(p -> p.at("/status/phase").asText().equals("Running"))
        .ifPresent(
            p ->
                begin(
                    p.deepCopy(),
                    ip,
                    variable(p, "FLINKCLUSTER_SNAPSHOT_DIRECTORIES").stream()
                        .flatMap(String::lines)
                        .filter(l -> !l.isBlank())
                        .toList()));
  }

  /** As the start script does: the mark, the look for the newest snapshot, Flink. */
  private void begin(ObjectNode pod, String ip, List<String> known) {
    String uid = uid(pod);
    var directories = new ArrayList<>(known);
    List<String> release = release(pod).stream().flatMap(String::lines).toList();
    if (!release.isEmpty() && !release.get(0).equals(uid)) {
      terminated(pod, ip, 1);
      return;
    }
    release.stream().skip(2).forEach(directories::add);
    Optional<String> restoredFrom =
        release.stream().skip(1).limit(1).filter(path -> !path.isEmpty()).findFirst();
    var args = new ArrayList<String>();
    flinkContainer(pod).path("args").forEach(a -> args.add(a.asText()));
    boolean once = variable(pod, "FLINKCLUSTER_START_MARK_DIR").isPresent();
    if (once && !marks.add(uid)) {
      running(pod, ip, restarts.merge(uid, 1, Integer::sum), false);
      return; // the script refuses a second start
    }
    Optional<String> restore;
    try {
      restore =
          storage.begin(
              restoredFrom.or(() -> SimulatedJobManager.after(args, "--fromSavepoint")),
              directories,
              variable(pod, "FLINKCLUSTER_OWN_DIRECTORY"));
    } catch (SimulatedStorage.Refused e) {
      terminated(pod, ip, 75);
      return;
    }
    running(pod, ip, restarts.getOrDefault(uid, 0), true);
    flink.began(
        uid,
        ip,
        namespace(pod),
        pod.at("/metadata/labels").path(CLUSTER).asText(),
        pod.at("/metadata/labels").path(UID).asText(),
        epoch(pod),
        args,
        configuration(pod),
        restore);
  }

  private void fetchFails(ObjectNode pod) {
    ObjectNode status = pod.putObject("status").put("phase", "Pending");
    ((ObjectNode) pod.get("spec")).put("nodeName", "node-1");
    var fetch = status.putArray("initContainerStatuses").addObject();
    fetch.put("name", "flinkcluster-fetch").put("ready", false).put("restartCount", 1);
    fetch.putObject("state").putObject("waiting").put("reason", "CrashLoopBackOff");
    fetch
        .putObject("lastState")
        .putObject("terminated")
        .put("exitCode", 1)
        .put("message", "s3://bucket: Access Denied (403)");
    api.put("", "pods", pod);
    time.after(20_000, () -> startContainers(namespace(pod), name(pod), uid(pod)));
  }

  private static JsonNode flinkContainer(JsonNode pod) {
    for (JsonNode container : pod.at("/spec/containers")) {
      if (container.path("name").asText().equals("flink")) {
        return container;
      }
    }
    throw new IllegalStateException("no container named flink");
  }

  private static Optional<String> variable(JsonNode pod, String name) {
    for (JsonNode variable : flinkContainer(pod).path("env")) {
      if (variable.path("name").asText().equals(name)) {
        return Optional.of(variable.path("value").asText());
      }
    }
    return Optional.empty();
  }

  private Map<String, String> configuration(JsonNode pod) {
    var options = new LinkedHashMap<String, String>();
    for (JsonNode volume : pod.at("/spec/volumes")) {
      String map = volume.at("/configMap/name").asText("");
      api.get("configmaps", namespace(pod), map)
          .map(c -> c.at("/data/config.yaml").asText())
          .ifPresent(
              yaml ->
                  yaml.lines()
                      .filter(l -> l.contains(": "))
                      .forEach(
                          l -> {
                            int colon = l.indexOf(": ");
                            String value = l.substring(colon + 2);
                            options.put(
                                l.substring(0, colon),
                                value.startsWith("\"")
                                    ? value.substring(1, value.length() - 1)
                                    : value);
                          }));
    }
    return options;
  }

  private void running(ObjectNode pod, String ip, int restartCount, boolean ready) {
    ((ObjectNode) pod.get("spec")).put("nodeName", "node-1");
    ObjectNode status = pod.putObject("status").put("phase", "Running");
    status.put("podIP", ip).put("hostIP", "192.0.2.1");
    status
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", ready ? "True" : "False");
    ObjectNode container = status.putArray("containerStatuses").addObject();
    container.put("name", "flink").put("ready", ready).put("restartCount", restartCount);
    container.put("started", true);
    container.putObject("state").putObject("running").put("startedAt", time.instant().toString());
    if (restartCount > 0) {
      container
          .putObject("lastState")
          .putObject("terminated")
          .put("exitCode", 137)
          .put("reason", "Error");
    }
    api.put("", "pods", pod);
  }

  private void terminated(ObjectNode pod, String ip, int code) {
    running(pod, ip, 1, false);
    ObjectNode copy = api.get("pods", namespace(pod), name(pod)).orElseThrow().deepCopy();
    ObjectNode state = (ObjectNode) copy.at("/status/containerStatuses/0/state");
    state.removeAll();
    state.putObject("terminated").put("exitCode", code).put("reason", "Error");
    api.put("", "pods", copy);
  }

  // --- what happens to pods ---

  /** The container of a pod ends and is started again, as after a crash or a reboot. */
  void killContainer(String podUid) {
    flink.ended(podUid);
    pod(podUid)
        .filter(p -> p.at("/status/containerStatuses/0/state").has("running"))
        .ifPresent(
            pod -> {
              ObjectNode copy = pod.deepCopy();
              boolean once =
                  copy.at("/metadata/labels").path(COMPONENT).asText().equals("jobmanager")
                      && variable(copy, "FLINKCLUSTER_START_MARK_DIR").isPresent()
                      && held.remove(podUid) == null;
              if (!once) {
                restarts.merge(podUid, 1, Integer::sum);
              }
              ObjectNode status = (ObjectNode) copy.get("status");
              ArrayNode containers = status.putArray("containerStatuses");
              ObjectNode container = containers.addObject();
              container.put("name", "flink").put("ready", false);
              container.put("restartCount", restarts.getOrDefault(podUid, 0));
              container
                  .putObject("state")
                  .putObject("terminated")
                  .put("exitCode", 137)
                  .put("reason", "Error");
              status.putArray("conditions");
              api.put("", "pods", copy);
              time.after(1_000, () -> startContainers(namespace(pod), name(pod), podUid));
            });
  }

  /** The pod is evicted: in phase Failed, and still listed. */
  void evict(String podUid) {
    flink.ended(podUid);
    pod(podUid)
        .ifPresent(
            pod -> {
              ObjectNode copy = pod.deepCopy();
              copy.putObject("status")
                  .put("phase", "Failed")
                  .put("reason", "Evicted")
                  .put("message", "The node was low on resource: memory.");
              api.put("", "pods", copy);
            });
  }

  /** The pod is deleted by a drain or by hand. */
  void delete(String podUid) {
    pod(podUid).ifPresent(pod -> api.delete("", "pods", pod));
  }

  /** The node is gone: nothing of the pod runs, and nobody says so. */
  void loseNode(String podUid) {
    flink.ended(podUid);
    pod(podUid)
        .ifPresent(
            pod -> {
              ending.add(podUid); // no kubelet confirms its end
              api.delete("", "pods", pod);
            });
  }

  /** Somebody has seen that the node is gone, and removes the pod by force. */
  void force(String podUid) {
    flink.ended(podUid);
    pod(podUid).ifPresent(pod -> api.remove("", "pods", pod));
  }

  List<ObjectNode> pods(String clusterUid, String component) {
    return api.list("pods").stream()
        .filter(p -> p.at("/metadata/labels").path(UID).asText().equals(clusterUid))
        .filter(p -> p.at("/metadata/labels").path(COMPONENT).asText().equals(component))
        .toList();
  }

  // --- Flink's high availability data ---

  private static String haId(SimulatedJobManager process) {
    return process.option(
        "high-availability.cluster-id", process.option("kubernetes.cluster-id", "none"));
  }

  void highAvailability(SimulatedJobManager process, String job) {
    for (String name :
        List.of(haId(process) + "-cluster-config-map", haId(process) + "-" + job + "-config-map")) {
      if (api.get("configmaps", process.namespace, name).isPresent()) {
        continue;
      }
      ObjectNode map = ApiObjects.object();
      map.put("apiVersion", "v1").put("kind", "ConfigMap");
      ObjectNode meta = map.putObject("metadata").put("namespace", process.namespace);
      meta.put("name", name);
      meta.putObject("labels")
          .put("app", haId(process))
          .put("type", "flink-native-kubernetes")
          .put("configmap-type", "high-availability");
      map.putObject("data").put("counter", "1");
      api.put("flink", "configmaps", map);
    }
  }

  boolean hasHighAvailability(SimulatedJobManager process, String job) {
    return api.get("configmaps", process.namespace, haId(process) + "-" + job + "-config-map")
        .isPresent();
  }

  void removeHighAvailability(SimulatedJobManager process) {
    api.list("configmaps").stream()
        .filter(c -> c.at("/metadata/labels/app").asText().equals(haId(process)))
        .filter(c -> !name(c).endsWith("-cluster-config-map"))
        .forEach(c -> api.remove("flink", "configmaps", c));
  }
}
