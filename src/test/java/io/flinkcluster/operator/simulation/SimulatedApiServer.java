package io.flinkcluster.operator.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.flinkcluster.operator.judge.Event;
import io.flinkcluster.operator.judge.History;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Objects and the requests to them, with the rules of a real API server that matter here. */
final class SimulatedApiServer {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML = new YAMLMapper();

  static final Map<String, String> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("flinkclusters", "FlinkCluster");
    KINDS.put("configmaps", "ConfigMap");
    KINDS.put("services", "Service");
    KINDS.put("networkpolicies", "NetworkPolicy");
    KINDS.put("poddisruptionbudgets", "PodDisruptionBudget");
    KINDS.put("deployments", "Deployment");
    KINDS.put("replicasets", "ReplicaSet");
    KINDS.put("ingresses", "Ingress");
    KINDS.put("pods", "Pod");
    KINDS.put("events", "Event");
  }

  /** An answer. */
  record Answer(int code, JsonNode body) {
    boolean ok() {
      return code < 300;
    }
  }

  /** A request as it is on the wire. */
  record Request(String method, URI uri, String contentType, String body) {}

  private final SimulatedTime time;
  private final History history;
  private final TreeMap<String, ObjectNode> objects = new TreeMap<>();
  private final Map<String, ObjectNode> applied = new HashMap<>();
  private final List<Consumer<Event.Changed>> watchers = new ArrayList<>();
  private long version = 10;
  private long uids;

  /** What is refused, by kind and object: a message with its status code before it. */
  private Function<JsonNode, Optional<Answer>> admission = o -> Optional.empty();

  SimulatedApiServer(SimulatedTime time, History history) {
    this.time = time;
    this.history = history;
  }

  void watch(Consumer<Event.Changed> watcher) {
    watchers.add(watcher);
  }

  void admission(Function<JsonNode, Optional<Answer>> admission) {
    this.admission = admission;
  }

  // --- direct access, for the world and for users ---

  static String key(String kind, String namespace, String name) {
    return kind + "/" + namespace + "/" + name;
  }

  static String key(String kind, JsonNode object) {
    return key(
        kind, object.at("/metadata/namespace").asText(), object.at("/metadata/name").asText());
  }

  Optional<ObjectNode> get(String kind, String namespace, String name) {
    return Optional.ofNullable(objects.get(key(kind, namespace, name)));
  }

  List<ObjectNode> list(String kind) {
    String from = kind + "/";
    return List.copyOf(objects.subMap(from, kind + "0").values());
  }

  Map<String, ObjectNode> snapshot() {
    return new TreeMap<>(objects);
  }

  /** Writes an object as it is now; the given one must be a copy. */
  ObjectNode put(String actor, String kind, ObjectNode object) {
    String key = key(kind, object);
    ObjectNode before = objects.get(key);
    ObjectNode meta = (ObjectNode) object.get("metadata");
    if (before == null) {
      meta.put("uid", String.format("%08x-0000-4000-8000-%012x", 0x5eed0000L + uids, uids++));
      meta.put("creationTimestamp", seconds());
      meta.put("generation", 1);
    } else {
      if (before.equals(object)) {
        return before;
      }
      boolean spec = !Objects.equals(before.get("spec"), object.get("spec"));
      meta.put("generation", before.at("/metadata/generation").asLong() + (spec ? 1 : 0));
    }
    meta.put("resourceVersion", Long.toString(++version));
    objects.put(key, object);
    tell(new Event.Changed(time.now(), before == null ? "ADDED" : "MODIFIED", kind, actor, object));
    finalized(actor, kind, object);
    return object;
  }

  private void finalized(String actor, String kind, ObjectNode object) {
    if (object.path("metadata").has("deletionTimestamp")
        && object.at("/metadata/finalizers").isEmpty()
        && !kind.equals("pods")) {
      remove(actor, kind, object);
    }
  }

  private String seconds() {
    return time.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
  }

  void remove(String actor, String kind, ObjectNode object) {
    if (objects.remove(key(kind, object)) != null) {
      applied.keySet().removeIf(k -> k.startsWith(key(kind, object) + " "));
      tell(new Event.Changed(time.now(), "DELETED", kind, actor, object));
    }
  }

  private void tell(Event.Changed changed) {
    history.add(changed);
    watchers.forEach(w -> w.accept(changed));
  }

  /** Begins the deletion: an object with finalizers, and a pod, goes when these are done. */
  void delete(String actor, String kind, ObjectNode object) {
    boolean waits = kind.equals("pods") || !object.at("/metadata/finalizers").isEmpty();
    if (!waits) {
      remove(actor, kind, object);
    } else if (!object.path("metadata").has("deletionTimestamp")) {
      ObjectNode copy = object.deepCopy();
      ((ObjectNode) copy.get("metadata")).put("deletionTimestamp", seconds());
      put(actor, kind, copy);
    }
  }

  // --- the wire ---

  /** What a request is about. */
  record Target(String kind, String namespace, String name, String subresource) {
    static Target of(URI uri) {
      var parts = new ArrayList<>(List.of(uri.getPath().substring(1).split("/")));
      int namespaces = parts.indexOf("namespaces");
      if (namespaces < 0) {
        return new Target(parts.get(parts.size() - 1), "", "", "");
      }
      return new Target(
          parts.get(namespaces + 2),
          parts.get(namespaces + 1),
          parts.size() > namespaces + 3 ? parts.get(namespaces + 3) : "",
          parts.size() > namespaces + 4 ? parts.get(namespaces + 4) : "");
    }
  }

  static Map<String, String> query(URI uri) {
    var query = new HashMap<String, String>();
    if (uri.getRawQuery() != null) {
      for (String part : uri.getRawQuery().split("&")) {
        int equals = part.indexOf('=');
        query.put(
            equals < 0 ? part : part.substring(0, equals),
            equals < 0
                ? ""
                : URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  static String verb(Request request, Target target) {
    return switch (request.method()) {
      case "GET" -> target.name().isEmpty() ? "list" : "get";
      case "POST" -> "create";
      case "PATCH" -> "patch";
      case "PUT" -> "update";
      default -> "delete";
    };
  }

  static JsonNode tree(String body) {
    if (body == null || body.isBlank()) {
      return JSON.nullNode();
    }
    try {
      return body.stripLeading().startsWith("{") ? JSON.readTree(body) : YAML.readTree(body);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Answers and records.
   *
   * @param told whether the answer will reach the actor
   */
  Answer answer(String actor, long pass, Request request, boolean told) {
    Target target = Target.of(request.uri());
    var query = query(request.uri());
    JsonNode body = tree(request.body());
    int at = history.events().size();
    Answer answer = answer(actor, request, target, query, body);
    String uid =
        request.method().equals("DELETE")
            ? body.at("/preconditions/uid").asText("")
            : body.at("/metadata/uid").asText("");
    String asked =
        request.method().equals("GET")
            ? query.getOrDefault("resourceVersion", "")
            : body.at("/metadata/resourceVersion").asText("");
    // Before what it has changed: intent is looked for in what was the case then.
    history
        .events()
        .add(
            at,
            new Event.Request(
                time.now(),
                actor,
                pass,
                verb(request, target),
                target.kind(),
                target.namespace(),
                target.name(),
                target.subresource(),
                query.containsKey("dryRun"),
                query.getOrDefault("fieldManager", ""),
                uid,
                asked,
                body,
                answer.code(),
                told));
    return answer;
  }

  private Answer answer(
      String actor, Request request, Target target, Map<String, String> query, JsonNode body) {
    if (!KINDS.containsKey(target.kind())) {
      return failure(403, "Forbidden", target.kind() + " is forbidden");
    }
    ObjectNode there = objects.get(key(target.kind(), target.namespace(), target.name()));
    return switch (request.method()) {
      case "GET" ->
          target.name().isEmpty()
              ? list(target, query)
              : there == null ? notFound(target) : new Answer(200, there);
      case "POST" -> create(actor, target, (ObjectNode) body);
      case "PATCH" -> patch(actor, request, target, query, (ObjectNode) body, there);
      case "DELETE" -> {
        if (there == null) {
          yield notFound(target);
        }
        String uid = body.at("/preconditions/uid").asText("");
        if (!uid.isEmpty() && !uid.equals(there.at("/metadata/uid").asText())) {
          yield failure(409, "Conflict", "the UID in the precondition does not match");
        }
        delete(actor, target.kind(), there);
        yield new Answer(200, there);
      }
      default -> failure(405, "MethodNotAllowed", request.method());
    };
  }

  private Answer create(String actor, Target target, ObjectNode body) {
    String name = body.at("/metadata/name").asText();
    if (objects.containsKey(key(target.kind(), target.namespace(), name))) {
      return failure(409, "AlreadyExists", target.kind() + " \"" + name + "\" already exists");
    }
    ObjectNode copy = body.deepCopy();
    ((ObjectNode) copy.get("metadata")).put("namespace", target.namespace());
    return admission.apply(copy).orElseGet(() -> new Answer(201, put(actor, target.kind(), copy)));
  }

  private Answer patch(
      String actor,
      Request request,
      Target target,
      Map<String, String> query,
      ObjectNode body,
      ObjectNode there) {
    boolean apply = request.contentType().contains("apply-patch");
    boolean status = target.subresource().equals("status");
    String uid = body.at("/metadata/uid").asText("");
    String asked = body.at("/metadata/resourceVersion").asText("");
    if (there == null) {
      if (!apply || status) {
        return notFound(target);
      }
      if (!uid.isEmpty()) {
        return failure(409, "Conflict", "uid mismatch: no existing object was found");
      }
    } else {
      if (!uid.isEmpty() && !uid.equals(there.at("/metadata/uid").asText())) {
        return failure(409, "Conflict", "uid mismatch");
      }
      if (!asked.isEmpty() && !asked.equals(there.at("/metadata/resourceVersion").asText())) {
        return failure(
            409, "Conflict", "the object has been modified; please apply your changes to it again");
      }
    }
    String manager = query.getOrDefault("fieldManager", "");
    String owner = key(target.kind(), target.namespace(), target.name()) + " " + manager;
    ObjectNode result;
    if (apply) {
      ObjectNode configuration = body.deepCopy();
      configuration.remove(status ? List.of("spec") : List.of("status"));
      ObjectNode base = there == null ? base(target, body) : there;
      result = ApiObjects.apply(base, applied.get(owner + target.subresource()), configuration);
      if (status && configuration.get("status") == null) {
        result.remove("status");
      }
    } else {
      result = there.deepCopy();
      ObjectNode merge = body.deepCopy();
      if (merge.at("/spec/schedulingGates").isArray()) {
        ungate(result, (ArrayNode) merge.at("/spec/schedulingGates"));
        ((ObjectNode) merge.get("spec")).remove("schedulingGates");
      }
      ApiObjects.mergePatch(result, merge, "");
    }
    if (immutable(there, result)) {
      return failure(422, "Invalid", "data: Forbidden: field is immutable when `immutable` is set");
    }
    var refused = status ? Optional.<Answer>empty() : admission.apply(result);
    if (refused.isPresent()) {
      return refused.get();
    }
    if (query.containsKey("dryRun")) {
      return new Answer(200, result);
    }
    if (apply) {
      applied.put(owner + target.subresource(), body.deepCopy());
    }
    return new Answer(there == null ? 201 : 200, put(actor, target.kind(), result));
  }

  private static boolean immutable(JsonNode there, JsonNode result) {
    return there != null
        && there.path("immutable").asBoolean()
        && !Objects.equals(there.get("data"), result.get("data"));
  }

  private static void ungate(ObjectNode pod, ArrayNode patch) {
    if (!(pod.at("/spec/schedulingGates") instanceof ArrayNode gates)) {
      return;
    }
    for (JsonNode one : patch) {
      if (one.path("$patch").asText().equals("delete")) {
        for (int i = gates.size() - 1; i >= 0; i--) {
          if (gates.get(i).path("name").equals(one.path("name"))) {
            gates.remove(i);
          }
        }
      }
    }
    if (gates.isEmpty()) {
      ((ObjectNode) pod.get("spec")).remove("schedulingGates");
    }
  }

  private static ObjectNode base(Target target, ObjectNode body) {
    ObjectNode base = ApiObjects.object();
    base.set("apiVersion", body.get("apiVersion"));
    base.set("kind", body.get("kind"));
    base.putObject("metadata").put("name", target.name()).put("namespace", target.namespace());
    return base;
  }

  private Answer list(Target target, Map<String, String> query) {
    ObjectNode list = ApiObjects.object();
    list.put("apiVersion", "v1").put("kind", KINDS.get(target.kind()) + "List");
    list.putObject("metadata").put("resourceVersion", Long.toString(version));
    ArrayNode items = list.putArray("items");
    list(target.kind()).stream()
        .filter(
            o ->
                target.namespace().isEmpty()
                    || o.at("/metadata/namespace").asText().equals(target.namespace()))
        .filter(o -> selected(o, query))
        .forEach(items::add);
    return new Answer(200, list);
  }

  private static boolean selected(JsonNode object, Map<String, String> query) {
    boolean labels =
        terms(query.get("labelSelector"))
            .allMatch(
                term -> object.at("/metadata/labels").path(term[0]).asText("").equals(term[1]));
    return labels
        && terms(query.get("fieldSelector"))
            .allMatch(
                term -> object.at("/" + term[0].replace('.', '/')).asText("").equals(term[1]));
  }

  private static Stream<String[]> terms(String selector) {
    return selector == null || selector.isBlank()
        ? Stream.empty()
        : Stream.of(selector.split(",")).map(t -> t.split("=+", 2));
  }

  private static Answer notFound(Target target) {
    return failure(404, "NotFound", target.kind() + " \"" + target.name() + "\" not found");
  }

  static Answer failure(int code, String reason, String message) {
    return new Answer(
        code,
        ApiObjects.object()
            .put("kind", "Status")
            .put("apiVersion", "v1")
            .put("status", "Failure")
            .put("message", message)
            .put("reason", reason)
            .put("code", code));
  }
}
