package io.flinkcluster.operator.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.flinkcluster.operator.judge.Event;
import io.flinkcluster.operator.judge.Judge;
import io.flinkcluster.operator.judge.Verdict;
import io.flinkcluster.operator.judge.Violation;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.FlinkWitness;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down for the judge what happens in one namespace of a real API server, in an order that
 * could have been: what the operator writes stands there with the answer, before it hears of it;
 * what others write when a watch brings it, unless something newer is known of the object.
 */
final class Recorder implements FlinkWitness, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Between two trials, so that what is counted by the minute is counted for each. */
  private static final long APART = 61_000;

  private static final Map<String, ResourceDefinitionContext> KINDS = new TreeMap<>();

  static {
    kind("flinkcluster.io", "FlinkCluster", "flinkclusters");
    kind("apps", "Deployment", "deployments");
    kind("apps", "ReplicaSet", "replicasets");
    kind("", "Pod", "pods");
    kind("", "Service", "services");
    kind("", "ConfigMap", "configmaps");
    kind("policy", "PodDisruptionBudget", "poddisruptionbudgets");
    kind("networking.k8s.io", "NetworkPolicy", "networkpolicies");
    kind("networking.k8s.io", "Ingress", "ingresses");
  }

  private static void kind(String group, String kind, String plural) {
    KINDS.put(
        plural,
        new ResourceDefinitionContext.Builder()
            .withGroup(group)
            .withVersion("v1")
            .withKind(kind)
            .withPlural(plural)
            .withNamespaced(true)
            .build());
  }

  /** Where a JobManager listens, and whose it is. */
  record JobManager(String process, String cluster, long epoch) {}

  private final TreeMap<String, JsonNode> objects = new TreeMap<>();
  private final Map<String, Long> versions = new HashMap<>();
  private final Set<String> gone = new HashSet<>();

  /** Epochs that the status of each FlinkCluster has named, by uid. */
  private final Map<String, TreeSet<Long>> launched = new HashMap<>();

  private final Map<String, JobManager> jobManagers = new HashMap<>();
  private final List<SharedIndexInformer<GenericKubernetesResource>> watches = new ArrayList<>();
  private final List<String> markers = new ArrayList<>();
  private final Judge judge = new Judge(markers);

  /** What the judge has not been told yet. */
  private final List<Event> fresh = new ArrayList<>();

  private int savepoints;
  private int processes;
  private int stops;
  private final long began = System.nanoTime();
  private long offset;
  private int writing;
  private final Set<String> told = new HashSet<>();

  Recorder(TestNamespace namespace) {
    KINDS.forEach(
        (plural, context) ->
            watches.add(
                namespace
                    .client()
                    .genericKubernetesResources(context)
                    .inNamespace(namespace.name())
                    .inform(handler(plural))));
  }

  private ResourceEventHandler<GenericKubernetesResource> handler(String plural) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(GenericKubernetesResource object) {
        heard(plural, object, false);
      }

      @Override
      public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
        heard(plural, object, false);
      }

      @Override
      public void onDelete(GenericKubernetesResource object, boolean unknown) {
        heard(plural, object, true);
      }
    };
  }

  private long at() {
    return (System.nanoTime() - began) / 1_000_000 + offset;
  }

  // --- objects ---

  /** A watch may be faster than the answer to the write that it tells of: it waits for that. */
  private synchronized void heard(String kind, GenericKubernetesResource object, boolean deleted) {
    try {
      while (writing > 0) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    changed(kind, "", JSON.valueToTree(object), deleted);
  }

  /** Somebody else has written this. */
  synchronized void wrote(String kind, GenericKubernetesResource object) {
    changed(kind, "user", JSON.valueToTree(object), false);
  }

  private void changed(String kind, String actor, ObjectNode object, boolean deleted) {
    ObjectNode meta = (ObjectNode) object.get("metadata");
    meta.remove("managedFields");
    String uid = meta.path("uid").asText();
    long version = meta.path("resourceVersion").asLong();
    boolean known = versions.containsKey(uid);
    if (gone.contains(uid) || !deleted && versions.getOrDefault(uid, -1L) >= version) {
      return;
    }
    String key = kind + "/" + meta.path("name").asText();
    if (deleted) {
      gone.add(uid);
      // The answer to the making of the next one of this name may have been faster than the watch.
      objects.computeIfPresent(
          key, (k, present) -> present.at("/metadata/uid").asText().equals(uid) ? null : present);
    } else {
      objects.put(key, object);
    }
    versions.put(uid, version);
    long epoch = object.at("/status/launch/epoch").asLong();
    if (kind.equals("flinkclusters") && epoch > 0) {
      launched.computeIfAbsent(uid, u -> new TreeSet<>()).add(epoch);
    }
    String type = deleted ? "DELETED" : known ? "MODIFIED" : "ADDED";
    add(new Event.Changed(at(), type, kind, actor, object));
  }

  private void add(Event event) {
    fresh.add(event);
    notifyAll();
  }

  synchronized Optional<JsonNode> object(String kind, String name) {
    return Optional.ofNullable(objects.get(kind + "/" + name));
  }

  synchronized List<JsonNode> all(String kind) {
    return List.copyOf(objects.subMap(kind + "/", kind + "0").values());
  }

  // --- the operator ---

  /**
   * Sends a request on and writes it down.
   *
   * @param pass number of the reconcile
   * @param told whether the answer will reach the operator
   */
  ApiProxy.Reply through(
      String actor, long pass, ApiRequest request, boolean told, ApiProxy.Upstream upstream)
      throws IOException {
    boolean writes = !request.method().equals("GET");
    if (writes) {
      writing();
    }
    Optional<ApiProxy.Reply> reply = Optional.empty();
    Optional<ApiProxy.Reply> now = Optional.empty();
    try {
      reply = Optional.of(upstream.send(request));
      now = reply;
      return reply.get();
    } catch (IOException e) {
      LOG.warn("{}: no answer to {} {}", actor, request.what(), request.name(), e);
      now = writes ? present(request, upstream) : Optional.empty();
      throw e;
    } finally {
      if (writes) {
        written(actor, pass, request, reply, now, told && reply.isPresent());
      } else {
        requested(actor, pass, request, reply, told && reply.isPresent());
      }
    }
  }

  /** The object that somebody wrote, of which no answer tells, and a watch may tell too late. */
  private static Optional<ApiProxy.Reply> present(ApiRequest request, ApiProxy.Upstream upstream) {
    URI uri = URI.create(request.uri().getRawPath());
    try {
      return Optional.of(upstream.send(new ApiRequest("GET", uri, request.headers(), new byte[0])));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private synchronized void writing() {
    writing++;
  }

  private synchronized void written(
      String actor,
      long pass,
      ApiRequest request,
      Optional<ApiProxy.Reply> reply,
      Optional<ApiProxy.Reply> now,
      boolean told) {
    writing--;
    requested(actor, pass, request, reply, told);
    boolean stays = now.filter(ApiProxy.Reply::ok).isPresent() && !request.dryRun();
    if (stays && !request.method().equals("DELETE")) {
      JsonNode object = ApiRequest.tree(now.get().body());
      if (object.at("/metadata/uid").isTextual() && KINDS.containsKey(request.kind())) {
        changed(request.kind(), actor, (ObjectNode) object, false);
      } else if (request.kind().equals("events")) {
        add(new Event.Changed(at(), "ADDED", "events", actor, object));
      }
    }
    notifyAll();
  }

  private synchronized void requested(
      String actor, long pass, ApiRequest request, Optional<ApiProxy.Reply> reply, boolean told) {
    JsonNode body = request.tree();
    var query = request.query();
    String uid = "/metadata/uid";
    String version = "/metadata/resourceVersion";
    if (request.method().equals("DELETE")) {
      uid = "/preconditions/uid";
      version = "/preconditions/resourceVersion";
    }
    add(
        new Event.Request(
            at(),
            actor,
            pass,
            request.verb(),
            request.kind(),
            request.namespace(),
            request.name(),
            request.subresource(),
            request.dryRun(),
            query.getOrDefault("fieldManager", ""),
            body.at(uid).asText(""),
            request.method().equals("GET")
                ? query.getOrDefault("resourceVersion", "")
                : body.at(version).asText(""),
            body,
            reply.map(ApiProxy.Reply::code).orElse(0),
            told));
  }

  synchronized void operator(String actor, String what) {
    add(new Event.Operator(at(), actor, what));
  }

  synchronized void logged(String actor, String line) {
    add(new Event.Logged(at(), actor, line));
  }

  synchronized void act(String what, String cluster, String detail) {
    add(new Event.Act(at(), what, cluster, detail));
  }

  /** A secret value that must be seen nowhere. */
  synchronized void marker(String value) {
    markers.add(value);
  }

  // --- Flink ---

  synchronized void flinkCall(
      String actor,
      String ip,
      String call,
      String job,
      String trigger,
      String target,
      boolean sent) {
    stops += call.equals("stop") ? 1 : 0;
    JobManager one = jobManagers.get(ip);
    add(
        new Event.FlinkCall(
            at(),
            actor,
            one == null ? "" : one.cluster(),
            one == null ? 0 : one.epoch(),
            call,
            job,
            trigger,
            target,
            sent && one != null));
  }

  @Override
  public synchronized void processBegan(
      String process, String pod, String ip, String cluster, long epoch) {
    processes++;
    jobManagers.put(ip, new JobManager(process, cluster, epoch));
    add(new Event.ProcessBegan(at(), process, pod, cluster, epoch));
  }

  @Override
  public synchronized void processEnded(String process) {
    jobManagers.values().removeIf(one -> one.process().equals(process));
    add(new Event.ProcessEnded(at(), process));
  }

  @Override
  public synchronized void runBegan(
      String run, String process, String cluster, long epoch, String job, String restored) {
    add(new Event.RunBegan(at(), run, process, cluster, epoch, job, restored));
  }

  @Override
  public synchronized void runEnded(String run, String state) {
    add(new Event.RunEnded(at(), run, state));
  }

  @Override
  public synchronized void snapshotTaken(
      FakeCluster.Snapshot s, String run, String cluster, long epoch, boolean stop) {
    savepoints += s.savepoint() ? 1 : 0;
    add(
        new Event.SnapshotTaken(
            at(),
            s.path(),
            s.savepoint(),
            run,
            cluster,
            s.jobId(),
            epoch,
            s.id(),
            s.position(),
            stop));
  }

  @Override
  public synchronized void snapshotDisposed(String path) {
    add(new Event.SnapshotDisposed(at(), path));
  }

  @Override
  public synchronized void savepointEnded(String trigger, String outcome) {
    add(new Event.SavepointEnded(at(), trigger, outcome));
  }

  // --- what is asked of it ---

  /** Waits until something is the case; whether it came to that in time. */
  synchronized boolean await(BooleanSupplier end, Duration longest) throws InterruptedException {
    long limit = System.nanoTime() + longest.toNanos();
    while (!end.getAsBoolean()) {
      long left = (limit - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** How many savepoints were completed. */
  synchronized int savepoints() {
    return savepoints;
  }

  /** How many JobManagers began. */
  synchronized int processes() {
    return processes;
  }

  /** How often an operator was about to ask for a stop with savepoint. */
  synchronized int stops() {
    return stops;
  }

  /** Epochs of the starts of a cluster, in order. */
  synchronized List<Long> launched(String uid) {
    return List.copyOf(launched.getOrDefault(uid, new TreeSet<>()));
  }

  /** Another trial begins. */
  synchronized void next() {
    offset += APART;
  }

  /**
   * Judges all that has happened; what was told before is not told again. What is to be gone in the
   * end may take its time: the garbage collector of a real cluster works when it likes.
   */
  synchronized Verdict judge() throws InterruptedException {
    await(() -> !judgeNow().violates("K1"), Duration.ofSeconds(10));
    Verdict verdict = judgeNow();
    verdict.violations().forEach(v -> told.add(words(v)));
    return verdict;
  }

  private static String words(Violation violation) {
    return violation.invariant() + violation.cluster() + violation.what();
  }

  private Verdict judgeNow() {
    fresh.forEach(judge::take);
    fresh.clear();
    Verdict all = judge.verdict();
    return new Verdict(
        all.violations().stream().filter(v -> !told.contains(words(v))).toList(), all.premises());
  }

  @Override
  public void close() {
    watches.forEach(SharedIndexInformer::close);
  }
}
