package io.flinkcluster.operator.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.flinkcluster.operator.RenderedChart;
import io.flinkcluster.operator.simulation.SampleCluster;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.FakeCluster;
import io.flinkcluster.operator.testcluster.FakeFlink;
import io.flinkcluster.operator.testcluster.FakeKubelet;
import io.flinkcluster.operator.testcluster.Patience;
import io.flinkcluster.operator.testcluster.Serializations;
import io.flinkcluster.operator.testcluster.TestNamespace;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A namespace with one FlinkCluster, to which something happens again and again while operators
 * come and go. All that a successor finds is in Kubernetes and in Flink, so trials may follow one
 * another on the same cluster.
 */
final class Lane implements AutoCloseable {
  private static final String ACCOUNT = "flink-flinkcluster-operator";
  private static final Duration LONGEST = Patience.LONG;
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final PatchContext MERGED = PatchContext.of(PatchType.JSON_MERGE);

  final TestNamespace namespace;
  final Recorder recorder;
  final FakeFlink flink;
  final FakeKubelet kubelet;
  private final String spec;
  private final List<DisturbedOperator> operators = new ArrayList<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            var thread = new Thread(task, "lane");
            thread.setDaemon(true);
            return thread;
          });
  private final List<CompletableFuture<Void>> ending = new ArrayList<>();
  private final List<String> nodes = new CopyOnWriteArrayList<>();
  private String name = "";
  private int clusters;
  private int begun;
  private int coming;

  /** What the trial under way began with. */
  private Before before = new Before(0, 0, 0);

  private record Before(long epoch, long savepoints, long processes) {}

  /** Epochs of its starts since the trial began, in order; those that were given up are not. */
  private List<Long> started() {
    return recorder.launched(uid()).stream().filter(epoch -> epoch > before.epoch()).toList();
  }

  /**
   * An empty one.
   *
   * @param spec of its clusters, as YAML
   */
  Lane(ApiServer server, String base, String spec) {
    this.spec = spec;
    namespace = TestNamespace.create(server, base);
    ObjectNode rights = YAML.createObjectNode().put("apiVersion", "v1").put("kind", "List");
    rights
        .putArray("items")
        .addAll(
            RenderedChart.in(namespace.name(), "watchNamespaces: [" + namespace.name() + "]")
                .objects()
                .stream()
                .filter(o -> Set.of("Role", "RoleBinding").contains(o.path("kind").asText()))
                .toList());
    namespace.kubectl().apply(rights.toString());
    recorder = new Recorder(namespace);
    flink = FakeFlink.in(namespace, recorder);
    kubelet = FakeKubelet.in(namespace, flink);
  }

  // --- operators ---

  DisturbedOperator beginOperator(DisturbedOperator.Trouble trouble) {
    return begin(trouble, DisturbedOperator.PLAIN, false);
  }

  /** Begins a successor of one that is about to die, and does not wait for it. */
  void succeed(DisturbedOperator.Trouble trouble) {
    synchronized (this) {
      coming++;
    }
    aside(
        () -> {
          try {
            beginOperator(trouble);
          } finally {
            synchronized (this) {
              coming--;
              notifyAll();
            }
          }
        });
  }

  /** Does something without being waited for, other than by its future. */
  CompletableFuture<Void> aside(Runnable what) {
    return CompletableFuture.runAsync(what, threads);
  }

  /** With this between it and the API server. */
  DisturbedOperator beginOperator(ApiProxy.Handler network) {
    return begin(DisturbedOperator.Trouble.NONE, network, false);
  }

  /** Likewise, and its watches bring nothing. */
  DisturbedOperator beginSilentOperator(ApiProxy.Handler network) {
    return begin(DisturbedOperator.Trouble.NONE, network, true);
  }

  private DisturbedOperator begin(
      DisturbedOperator.Trouble trouble, ApiProxy.Handler network, boolean silent) {
    String process;
    synchronized (this) {
      process = "operator-" + ++begun;
    }
    var operator = new DisturbedOperator(namespace, ACCOUNT, recorder, process, trouble, network);
    operator.proxy().silence(silent);
    if (!nodes.isEmpty()) {
      operator.watchNodes();
    }
    synchronized (this) {
      operators.add(operator);
    }
    try {
      operator.start();
    } catch (RuntimeException e) {
      operator.die(); // as a process would: else it would be taken for one that lives
      throw new IllegalStateException(namespace.name() + ": " + process + " did not start", e);
    }
    return operator;
  }

  /** The one that was begun last. */
  synchronized DisturbedOperator operator() {
    return operators.get(operators.size() - 1);
  }

  private synchronized DisturbedOperator last() {
    return operators.isEmpty() ? null : operator();
  }

  /** One that lives, and calls without trouble; a successor that is still to come is waited for. */
  DisturbedOperator undisturbed() throws InterruptedException {
    replaceTheDead();
    synchronized (this) {
      while (operators.isEmpty() && coming > 0) {
        wait();
      }
    }
    replaceTheDead(); // it may have died of coming
    DisturbedOperator operator = operator();
    operator.trouble(DisturbedOperator.Trouble.NONE);
    return operator;
  }

  private void replaceTheDead() {
    List<DisturbedOperator> dead;
    synchronized (this) {
      dead = operators.stream().filter(DisturbedOperator::dead).toList();
      operators.removeAll(dead);
    }
    // What a dead process still does reaches nobody: there is no need to wait for its end.
    dead.forEach(one -> ending.add(aside(one::close)));
    boolean none;
    synchronized (this) {
      none = operators.isEmpty() && coming == 0;
    }
    if (none) {
      beginOperator(DisturbedOperator.Trouble.NONE);
    }
  }

  // --- nodes ---

  /** From now on the pods go to nodes of this lane, and operators that begin watch them. */
  void watchNodes() {
    String rights = namespace.name();
    String account = "--serviceaccount=" + rights + ":" + ACCOUNT;
    namespace
        .kubectl()
        .ok("create", "clusterrole", rights, "--verb=list,watch", "--resource=nodes");
    namespace
        .kubectl()
        .ok("create", "clusterrolebinding", rights, "--clusterrole=" + rights, account);
    anotherNode();
  }

  private void anotherNode() {
    String node = namespace.name() + "-node-" + (nodes.size() + 1);
    namespace
        .client()
        .resource(new NodeBuilder().withNewMetadata().withName(node).endMetadata().build())
        .create();
    nodes.add(node);
    kubelet.node(node);
  }

  /** The node that carries the pods is about to go, and there is another. */
  void nodeLeaves() {
    String leaving = nodes.get(nodes.size() - 1);
    anotherNode();
    namespace.kubectl().ok("taint", "node", leaving, "karpenter.sh/disrupted:NoSchedule");
  }

  // --- what people do ---

  private MixedOperation<GenericKubernetesResource, ?, Resource<GenericKubernetesResource>>
      clusters() {
    return namespace.client().genericKubernetesResources("flinkcluster.io/v1", "FlinkCluster");
  }

  private Resource<GenericKubernetesResource> resource() {
    return clusters().inNamespace(namespace.name()).withName(name);
  }

  private static ObjectNode yaml(String text) {
    try {
      return (ObjectNode) YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Creates a cluster of a new name. */
  void create() {
    name = "c" + ++clusters;
    ObjectNode object = YAML.createObjectNode();
    object.put("apiVersion", "flinkcluster.io/v1").put("kind", "FlinkCluster");
    object.putObject("metadata").put("name", name).put("namespace", namespace.name());
    object.set("spec", yaml(spec));
    GenericKubernetesResource created =
        clusters()
            .inNamespace(namespace.name())
            .resource(
                Serializations.PLAIN.unmarshal(object.toString(), GenericKubernetesResource.class))
            .create();
    recorder.act("created", created.getMetadata().getUid(), "");
    recorder.wrote("flinkclusters", created);
  }

  /** Merges YAML into the spec. */
  void spec(String merge) {
    spec(merge, true);
  }

  void spec(String merge, boolean valid) {
    act(valid ? "spec" : "invalid-spec", merge);
    ObjectNode patch = YAML.createObjectNode();
    patch.set("spec", yaml(merge));
    patch(patch);
  }

  void annotate(String key, String value) {
    act(key + "-token", value);
    ObjectNode patch = YAML.createObjectNode();
    patch.putObject("metadata").putObject("annotations").put("flinkcluster.io/" + key, value);
    patch(patch);
  }

  /** A user does something to the cluster; where it is gone meanwhile, to nothing. */
  private void act(String what, String detail) {
    String uid = uid();
    if (!uid.isEmpty()) {
      recorder.act(what, uid, detail);
    }
  }

  /** What a user has written is the case for whoever looks next. */
  private void patch(ObjectNode patch) {
    try {
      recorder.wrote("flinkclusters", resource().patch(MERGED, patch.toString()));
    } catch (KubernetesClientException e) {
      if (e.getCode() != 404) { // it is gone meanwhile
        throw e;
      }
    }
  }

  void delete() {
    act("deleted", "");
    resource().delete();
  }

  void fault(String what) {
    recorder.act("fault", "", what);
  }

  /** Deletes the JobManager's pod without grace. */
  void loseJobManager() {
    fault("the JobManager's pod is deleted");
    namespace
        .client()
        .pods()
        .inNamespace(namespace.name())
        .withLabel("app.kubernetes.io/component", "jobmanager")
        .withLabel("flinkcluster.io/cluster", name)
        .withGracePeriod(0)
        .delete();
  }

  /** Deletes every object that the operator made, but for pods. */
  void prune() {
    fault("somebody deletes all objects");
    var client = namespace.client();
    String label = "flinkcluster.io/cluster";
    client.apps().deployments().inNamespace(namespace.name()).withLabel(label, name).delete();
    client.services().inNamespace(namespace.name()).withLabel(label, name).delete();
    client.configMaps().inNamespace(namespace.name()).withLabel(label, name).delete();
    client
        .network()
        .v1()
        .networkPolicies()
        .inNamespace(namespace.name())
        .withLabel(label, name)
        .delete();
    client
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(namespace.name())
        .withLabel(label, name)
        .delete();
  }

  // --- what is the case ---

  FakeCluster fake() {
    return flink.cluster(name);
  }

  Optional<JsonNode> cluster() {
    return recorder.object("flinkclusters", name);
  }

  String uid() {
    return cluster().map(c -> c.at("/metadata/uid").asText()).orElse("");
  }

  JsonNode status() {
    return cluster().map(c -> c.path("status")).orElse(YAML.missingNode());
  }

  long epoch() {
    return status().at("/launch/epoch").asLong();
  }

  /** How many starts there were since the trial began. */
  long starts() {
    return started().size();
  }

  /** Whether a start has an image of this kind. */
  boolean image(long epoch, String part) {
    return recorder
        .object("deployments", name + "-jobmanager-" + epoch)
        .map(d -> d.at("/spec/template/spec/containers").findValuesAsText("image"))
        .filter(images -> images.stream().anyMatch(image -> image.contains(part)))
        .isPresent();
  }

  /** Nothing is left, not even a pod. */
  boolean gone() {
    return cluster().isEmpty() && processes().isEmpty();
  }

  private List<JsonNode> processes() {
    return Stream.of("deployments", "replicasets", "pods")
        .flatMap(kind -> recorder.all(kind).stream())
        .toList();
  }

  /** In words: its status, or what is left of it. */
  String present() {
    return cluster().isPresent() ? status().toString() : "left are " + processes();
  }

  /** The last change is carried out, and this phase reached. */
  boolean settled(String phase) {
    return cluster().filter(c -> SampleCluster.settled(c, phase)).isPresent();
  }

  boolean condition(String type, String status) {
    for (JsonNode condition : status().path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText().equals(status);
      }
    }
    return false;
  }

  boolean ready() {
    return settled("Running") && condition("Ready", "True");
  }

  /** As its spec says, whichever way it came to that. */
  boolean asWanted() {
    var cluster = cluster();
    if (cluster.isEmpty()) {
      return gone();
    }
    if (cluster.get().path("metadata").has("deletionTimestamp")) {
      return false;
    }
    boolean suspend = cluster.get().at("/spec/suspend").asBoolean();
    boolean told = condition("Stalled", "True");
    return suspend && settled("Suspended")
        || settled("Running") && (told || !suspend && condition("Ready", "True"));
  }

  /** No pod keeps its node any more for an operation that has ended. */
  private boolean nodesAreLetGo() {
    return recorder.all("pods").stream()
        .map(pod -> pod.path("metadata"))
        .filter(meta -> !meta.has("deletionTimestamp"))
        .noneMatch(meta -> meta.path("annotations").has("flinkcluster.io/protected"));
  }

  /** What was asked for by annotation is done, or waits for the job to run again. */
  private boolean served() {
    JsonNode cluster = cluster().orElse(YAML.missingNode());
    return cluster.at("/spec/suspend").asBoolean()
        || condition("ConfigValid", "False")
        || servedAll(cluster);
  }

  private boolean servedAll(JsonNode cluster) {
    for (String key : List.of("savepoint", "restart")) {
      JsonNode asked = cluster.at("/metadata/annotations/flinkcluster.io~1" + key);
      if (asked.isTextual() && !asked.equals(status().at("/actions/" + key))) {
        return false;
      }
    }
    return true;
  }

  /** Refused, and nothing under way. */
  boolean refused() {
    return status().path("operation").isMissingNode() && condition("ConfigValid", "False");
  }

  // --- trials ---

  /** Waits until the cluster is so, replacing operators that have died. */
  boolean converge(BooleanSupplier whole) throws InterruptedException {
    BooleanSupplier end = () -> whole.getAsBoolean() && served() && nodesAreLetGo();
    String uid = uid();
    boolean converged = becomes(end, LONGEST);
    if (converged) {
      recorder.act("converged", uid, "");
    } else {
      recorder.act("not-converged", uid, present());
    }
    return converged;
  }

  /** Waits until this is so, replacing operators that have died; whether it came to that. */
  boolean becomes(BooleanSupplier end, Duration longest) throws InterruptedException {
    long limit = System.nanoTime() + longest.toNanos();
    while (System.nanoTime() < limit) {
      replaceTheDead();
      DisturbedOperator last = last();
      recorder.await(
          () -> end.getAsBoolean() || last != null && last.dead(),
          Duration.ofMillis(last == null ? 100 : 5_000));
      if (end.getAsBoolean()) {
        return true;
      }
    }
    return false;
  }

  /** What is left once nothing moves any more. */
  List<String> rest() throws InterruptedException {
    List<String> rest;
    do {
      rest = end();
      List<String> before = rest;
      recorder.await(() -> !end().equals(before), Duration.ofSeconds(2));
    } while (!end().equals(rest));
    return rest;
  }

  /** Brings it to where a step begins. */
  void prepare(Story.Step step) throws InterruptedException {
    undisturbed();
    fake().unfit(epoch -> false);
    if (step.from() == Story.From.NOTHING) {
      if (cluster().isPresent()) {
        delete();
      }
      name = "";
      require(this::gone, "nothing is left");
      return;
    }
    if (cluster().isEmpty() || cluster().get().path("metadata").has("deletionTimestamp")) {
      require(this::gone, "nothing is left");
      create();
      require(step.whole() ? this::ready : () -> settled("Running"), "it runs");
    }
    boolean suspended = step.from() == Story.From.SUSPENDED;
    if (suspended && !servedAll(cluster().get())) {
      spec("suspend: false"); // what was asked for while it was suspended is not part of the trial
      require(() -> settled("Running") && servedAll(cluster().get()), "nothing waits");
    }
    boolean is = cluster().get().at("/spec/suspend").asBoolean();
    if (is != suspended || condition("Stalled", "True") || condition("ConfigValid", "False")) {
      spec("{suspend: " + suspended + ", flinkConfiguration: null, image: \"flink:2.3\"}");
    }
    if (!step.given().isEmpty() && !holds(cluster().get().path("spec"), yaml(step.given()))) {
      spec(step.given());
    }
    require(
        () ->
            suspended
                ? settled("Suspended")
                : (step.whole() ? ready() : settled("Running")) && !condition("Stalled", "True"),
        "it is as a trial begins");
  }

  private static boolean holds(JsonNode spec, JsonNode part) {
    if (!part.isObject()) {
      return spec.equals(part);
    }
    return part.properties().stream().allMatch(e -> holds(spec.path(e.getKey()), e.getValue()));
  }

  private synchronized String namesOfOperators() {
    return operators.stream()
        .map(one -> one.name() + (one.dead() ? " (dead)" : "") + " after " + one.passes())
        .collect(Collectors.joining(", "));
  }

  private void require(BooleanSupplier end, String what) throws InterruptedException {
    if (!converge(end)) {
      throw new IllegalStateException(
          "%s/%s: not: %s; generation %s, suspend: %s, operators and how often they looked: %s; %s"
              .formatted(
                  namespace.name(),
                  name,
                  what,
                  cluster().map(c -> c.at("/metadata/generation").asText()).orElse("none"),
                  cluster().map(c -> c.at("/spec/suspend").asText()).orElse(""),
                  namesOfOperators(),
                  status()));
    }
  }

  /** A trial begins here. */
  void mark() {
    recorder.next();
    before = now();
  }

  private Before now() {
    return new Before(epoch(), recorder.savepoints(), recorder.processes());
  }

  /**
   * What is the case, and has happened since the trial began, without what differs from trial to
   * trial.
   */
  List<String> end() {
    Before now = now();
    var end = new TreeSet<String>();
    for (String kind :
        List.of(
            "deployments", "services", "configmaps", "poddisruptionbudgets", "networkpolicies")) {
      for (JsonNode object : recorder.all(kind)) {
        String epoch = object.at("/metadata/labels/flinkcluster.io~1epoch").asText("");
        String plain = object.at("/metadata/name").asText();
        if (!object.at("/metadata/labels/flinkcluster.io~1cluster").asText().equals(name)) {
          continue; // of an earlier one, such as where its last savepoint is, or nobody's
        }
        if (!epoch.isEmpty()) {
          plain =
              plain.replaceFirst(
                  "-" + epoch + "$", "-start+" + (started().indexOf(Long.parseLong(epoch)) + 1));
        }
        if (!name.isEmpty()) {
          plain = plain.replaceFirst("^c[0-9]+", "c");
        }
        end.add(kind + " " + plain + " " + object.at("/spec/replicas").asText(""));
      }
    }
    var all = new ArrayList<>(end);
    all.add("phase " + status().path("phase").asText());
    all.add("starts " + (cluster().isEmpty() ? 0 : starts()));
    all.add("savepoints " + (now.savepoints() - before.savepoints()));
    all.add("processes " + (now.processes() - before.processes()));
    return all;
  }

  @Override
  public void close() {
    synchronized (this) {
      operators.forEach(DisturbedOperator::die);
      operators.forEach(one -> ending.add(aside(one::close)));
    }
    ending.forEach(CompletableFuture::join);
    threads.shutdown();
    if (!nodes.isEmpty()) {
      nodes.forEach(node -> namespace.client().nodes().withName(node).delete());
      namespace.kubectl().run("delete", "clusterrole,clusterrolebinding", namespace.name());
    }
    recorder.close();
    kubelet.close();
    flink.close();
    namespace.close();
  }
}
