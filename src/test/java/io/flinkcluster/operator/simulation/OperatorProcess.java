package io.flinkcluster.operator.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.judge.Event;
import io.flinkcluster.operator.reconcile.FlinkClusterReconciler;
import io.flinkcluster.operator.reconcile.ReconcilerInSimulation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One process of the operator: its reconciler, its caches, and in place of the SDK what calls it:
 * when something it watches has changed, when it asked to be called, and again after a failure.
 */
final class OperatorProcess {
  private static final String FINALIZER = "flinkcluster.io/finalizer";
  private static final String OPERATOR = "flinkcluster-operator";

  static final Map<Class<? extends HasMetadata>, String> WATCHED =
      Map.of(
          ConfigMap.class, "configmaps",
          Service.class, "services",
          NetworkPolicy.class, "networkpolicies",
          PodDisruptionBudget.class, "poddisruptionbudgets",
          Deployment.class, "deployments",
          Ingress.class, "ingresses",
          Pod.class, "pods");

  private final World world;
  private final String name;
  private final Seams seams;
  private final KubernetesClient client;
  private final FlinkClusterReconciler reconciler;
  private final Set<String> pending = new LinkedHashSet<>();
  private final Map<String, Long> due = new HashMap<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private final Map<String, String> faces = new HashMap<>();
  final List<Interference.Call> calls = new ArrayList<>();
  private Interference interference = Interference.NONE;
  private TreeMap<String, ObjectNode> frozen;
  private final Map<String, ObjectNode> past = new HashMap<>();
  private boolean dead;
  private boolean busy;
  private boolean ends;
  private long passes;

  OperatorProcess(World world, String name, Seams seams) {
    this.world = world;
    this.name = name;
    this.seams = seams;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(World.EMPTY)
                    .withMasterUrl("http://simulated/")
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .withKubernetesSerialization(World.TYPES)
            .withHttpClientFactory(new Wire(this::send))
            .build();
    this.reconciler =
        ReconcilerInSimulation.create(
            client,
            seams.rest(new FlinkPort(world, this), world),
            world.time.clock(),
            world.time.timers(),
            seams.decider(),
            id -> pending.add(id.getNamespace().orElse("") + "/" + id.getName()));
    world.history.add(new Event.Operator(world.time.now(), name, "began"));
    world.api.list("flinkclusters").forEach(c -> pending.add(id(c)));
  }

  private static String id(JsonNode object) {
    return object.at("/metadata/namespace").asText() + "/" + object.at("/metadata/name").asText();
  }

  String name() {
    return name;
  }

  long passes() {
    return passes;
  }

  boolean dead() {
    return dead;
  }

  KubernetesClient client() {
    return client;
  }

  void interfere(Interference next) {
    interference = next;
  }

  /** The process is killed. */
  void die() {
    if (!dead) {
      dead = true;
      reconciler.close();
      world.history.add(new Event.Operator(world.time.now(), name, "killed"));
    }
  }

  // --- calls ---

  /** What becomes of the next call; the process is dead after it where it is to die. */
  Fate fate(String what, boolean writes) {
    if (dead) {
      return Fate.DIES_BEFORE;
    }
    var call = new Interference.Call(calls.size() + 1, what, writes);
    calls.add(call);
    Fate fate = interference.of(call);
    if (fate.kills()) {
      die();
    }
    return fate;
  }

  private SimulatedApiServer.Answer send(SimulatedApiServer.Request sent) throws IOException {
    if (dead) {
      throw new Dead();
    }
    SimulatedApiServer.Request request = seams.request(sent, world);
    if (request == null) {
      return new SimulatedApiServer.Answer(200, SimulatedApiServer.tree(sent.body()));
    }
    var instead = seams.instead(request, this);
    if (instead != null) {
      return instead;
    }
    var target = SimulatedApiServer.Target.of(request.uri());
    String verb = SimulatedApiServer.verb(request, target);
    boolean dry = SimulatedApiServer.query(request.uri()).containsKey("dryRun");
    boolean events = target.kind().equals("events");
    String what =
        verb
            + " "
            + target.kind()
            + (target.subresource().isEmpty() ? "" : "/" + target.subresource())
            + (dry ? " (dry run)" : "");
    var fate = events ? Fate.PASSES : fate(what, !request.method().equals("GET") && !dry);
    boolean told = fate.told();
    if (fate == Fate.DIES_BEFORE) {
      throw new Dead();
    }
    if (fate == Fate.NOT_SENT) {
      throw new IOException("connection reset");
    }
    var refusal = refusal(fate, verb);
    if (refusal != null) {
      return seams.refused(request, refusal);
    }
    var answer = world.api.answer(name, passes, request, told);
    if (fate == Fate.SENT_TWICE) {
      answer = world.api.answer(name, passes, request, true);
    }
    if (!told) {
      throw fate == Fate.DIES_AFTER ? new Dead() : new IOException("connection reset");
    }
    if (answer.ok() && !request.method().equals("GET") && frozen != null && !dry) {
      own(target.kind(), answer.body());
    }
    return seams.answer(request, answer);
  }

  private static SimulatedApiServer.Answer refusal(Fate fate, String verb) {
    return switch (fate) {
      case CONFLICT -> SimulatedApiServer.failure(409, "Conflict", "the object has been modified");
      case NOT_FOUND -> SimulatedApiServer.failure(404, "NotFound", "not found");
      case GONE -> SimulatedApiServer.failure(410, "Expired", "too old resource version");
      case INVALID -> SimulatedApiServer.failure(422, "Invalid", "spec: Invalid value");
      case TOO_MANY -> SimulatedApiServer.failure(429, "TooManyRequests", "please try again later");
      case FORBIDDEN -> SimulatedApiServer.failure(403, "Forbidden", verb + " is forbidden");
      case FAILS ->
          SimulatedApiServer.failure(500, "InternalError", "etcdserver: request timed out");
      case UNAVAILABLE -> SimulatedApiServer.failure(503, "ServiceUnavailable", "no endpoints");
      default -> null;
    };
  }

  // --- caches ---

  /** The watches are silent from now on; what the process writes itself it knows. */
  void freezeCaches() {
    frozen = new TreeMap<>(world.api.snapshot());
  }

  void thawCaches() {
    frozen = null;
    world.api.list("flinkclusters").forEach(c -> pending.add(id(c)));
  }

  /** It is shown this FlinkCluster for a while, as its caches are not equally old. */
  void showPast(ObjectNode cluster, long millis) {
    past.put(id(cluster), cluster);
    world.time.after(
        millis,
        () -> {
          past.remove(id(cluster));
          pending.add(id(cluster));
        });
  }

  /** The FlinkCluster as its cache has it. */
  ObjectNode shown(String id) {
    String[] parts = id.split("/");
    ObjectNode object =
        frozen == null
            ? world.api.get("flinkclusters", parts[0], parts[1]).orElse(null)
            : frozen.get(SimulatedApiServer.key("flinkclusters", parts[0], parts[1]));
    return past.getOrDefault(id, object);
  }

  private void own(String kind, JsonNode written) {
    if (written instanceof ObjectNode object
        && object.at("/metadata/resourceVersion").isTextual()) {
      frozen.put(SimulatedApiServer.key(kind, object), object);
    }
  }

  private List<ObjectNode> cached(String kind) {
    return frozen == null
        ? world.api.list(kind)
        : List.copyOf(frozen.subMap(kind + "/", kind + "0").values());
  }

  private static boolean of(JsonNode object, String namespace, String cluster) {
    JsonNode meta = object.path("metadata");
    JsonNode labels = meta.path("labels");
    return meta.path("namespace").asText().equals(namespace)
        && labels.path("flinkcluster.io/cluster").asText().equals(cluster)
        && labels.path("app.kubernetes.io/managed-by").asText().equals(OPERATOR);
  }

  <R extends HasMetadata> Set<R> secondary(Class<R> kind, String namespace, String cluster) {
    var found = new LinkedHashSet<R>();
    seams
        .cached(
            kind,
            cached(WATCHED.get(kind)).stream()
                .filter(o -> of(o, namespace, cluster))
                .map(o -> world.cached(o, kind)))
        .forEach(found::add);
    return found;
  }

  // --- what calls the reconciler ---

  /** Something has changed in the world. */
  void hear(Event.Changed changed) {
    if (dead || frozen != null) {
      return;
    }
    JsonNode object = changed.object();
    if (changed.kind().equals("flinkclusters")) {
      String face =
          object.at("/metadata/uid").asText()
              + object.at("/metadata/generation").asText()
              + object.at("/metadata/deletionTimestamp").asText()
              + object.at("/metadata/finalizers")
              + object.at("/metadata/annotations");
      if (!face.equals(faces.put(id(object), face))) {
        pending.add(id(object));
      }
      return;
    }
    String cluster = object.at("/metadata/labels/flinkcluster.io~1cluster").asText("");
    boolean managed =
        object.at("/metadata/labels/app.kubernetes.io~1managed-by").asText("").equals(OPERATOR);
    if (!cluster.isEmpty()
        && managed
        && WATCHED.containsValue(changed.kind())
        && !changed.actor().equals(name)) {
      pending.add(object.at("/metadata/namespace").asText() + "/" + cluster);
    }
  }

  /** When it is to be called next without hearing anything; empty: never. */
  long nextDue() {
    return dead ? Long.MAX_VALUE : due.values().stream().min(Long::compare).orElse(Long.MAX_VALUE);
  }

  /** Another process leads now: this one ends with the pass that it is in. */
  void endAfterPass() {
    ends = seams.endsWithItsLease();
  }

  /** What its watches have brought: what the caches show of this kind. */
  List<ObjectNode> view(String kind) {
    return cached(kind);
  }

  /** Reconciles what is pending or due; whether there was anything. */
  boolean work() {
    if (dead || busy) {
      return false;
    }
    due.forEach(
        (id, at) -> {
          if (at <= world.time.now()) {
            pending.add(id);
          }
        });
    if (pending.isEmpty()) {
      return false;
    }
    String id = pending.iterator().next();
    pending.remove(id);
    due.remove(id);
    busy = true;
    try {
      pass(id);
    } finally {
      busy = false;
    }
    if (ends) {
      die();
    }
    return true;
  }

  private void pass(String id) {
    ObjectNode object = shown(id);
    if (object == null) {
      return;
    }
    if (!seams.reconciles(id, failures.getOrDefault(id, 0), world)) {
      return;
    }
    passes++;
    world.history.add(new Event.Operator(world.time.now(), name, "pass"));
    var cluster = world.typed(object, FlinkCluster.class);
    try {
      reconcile(id, cluster);
      failures.remove(id);
    } catch (RuntimeException e) {
      if (!dead) {
        world.failure(e);
        int count = failures.merge(id, 1, Integer::sum);
        due.put(id, world.time.now() + Math.min(120_000, 1_000L << Math.min(count - 1, 10)));
      }
    }
    if (!dead) {
      seams.afterPass(world, this);
    }
  }

  private void reconcile(String id, FlinkCluster cluster) {
    var context = new PassContext(this, cluster);
    boolean deleting = cluster.getMetadata().getDeletionTimestamp() != null;
    boolean held = cluster.hasFinalizer(FINALIZER);
    if (deleting) {
      if (!held) {
        return;
      }
      var control = reconciler.cleanup(cluster, context);
      if (control.isRemoveFinalizer() && !dead) {
        finalizers(cluster, "null");
      } else {
        control.getScheduleDelay().ifPresent(delay -> due.put(id, world.time.now() + delay));
      }
      return;
    }
    if (!held) {
      finalizers(cluster, "[\"" + FINALIZER + "\"]");
      pending.add(id);
      return;
    }
    reconciler
        .reconcile(cluster, context)
        .getScheduleDelay()
        .ifPresent(delay -> due.put(id, world.time.now() + delay));
  }

  /** As the SDK does. */
  private void finalizers(FlinkCluster cluster, String list) {
    client
        .resource(cluster)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"uid\":\"%s\",\"resourceVersion\":\"%s\",\"finalizers\":%s}}"
                .formatted(
                    cluster.getMetadata().getUid(),
                    list.equals("null") ? "" : cluster.getMetadata().getResourceVersion(),
                    list));
  }
}
