package io.flinkcluster.operator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.flinkcluster.operator.RenderedChart;
import io.flinkcluster.operator.proof.ApiProxy.Handler;
import io.flinkcluster.operator.proof.ApiProxy.Reply;
import io.flinkcluster.operator.proof.DisturbedOperator.Trouble;
import io.flinkcluster.operator.simulation.Report;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.Patience;
import io.flinkcluster.operator.testcluster.RealApiServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An upgrade with savepoint, under an API server that fails, lies or is not there, as the client
 * and the SDK take it: each fault at a real connection. What follows for decisions the simulated
 * world tries at every call; here is one of each kind.
 */
@RealApiServer
@Order(1) // with one of half a minute
class ApiFaultsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Story STORY = Story.all().get(0);
  private static final Duration LONG = Patience.LONG;

  private final ApiServer server;

  ApiFaultsIT(ApiServer server) {
    this.server = server;
  }

  // --- answers ---

  /** One that answers the first request of each verb and kind, if it is such a one. */
  private static Handler onceEach(Predicate<ApiRequest> which, Reply instead, AtomicInteger times) {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    return (request, upstream) -> {
      boolean hit = which.test(request) && seen.add(request.what());
      if (hit) {
        times.incrementAndGet();
      }
      return hit ? instead : upstream.send(request);
    };
  }

  private static boolean writes(ApiRequest request) {
    return request.writes() && !request.kind().equals("events");
  }

  private static boolean asks(ApiRequest request) {
    return !request.verb().equals("watch") && !request.kind().equals("events");
  }

  private static Reply refusal(int code, String reason) {
    return Reply.failure(code, reason, "as asked for", Map.of());
  }

  /** Each kind of write is refused once, with each of these. */
  @Test
  void whatIsRefusedOnceIsDoneAllTheSame() throws Exception {
    try (var lane = new Lane(server, "refused", STORY.spec())) {
      lane.beginOperator(Trouble.NONE);
      var rounds = new ArrayList<Refused>();
      rounds.add(new Refused(refusal(409, "Conflict"), ApiFaultsIT::writes));
      rounds.add(new Refused(refusal(404, "NotFound"), r -> r.verb().equals("delete")));
      rounds.add(new Refused(refusal(500, "InternalError"), ApiFaultsIT::asks));
      rounds.add(new Refused(refusal(503, "ServiceUnavailable"), ApiFaultsIT::asks));
      rounds.add(new Refused(refusal(504, "Timeout"), ApiFaultsIT::asks));
      rounds.add(
          new Refused(
              Reply.failure(429, "TooManyRequests", "later", Map.of("Retry-After", "1")),
              ApiFaultsIT::asks));
      rounds.add(
          new Refused(
              new Reply(200, Map.of("Content-Type", "application/json"), "{\"kind\":".getBytes()),
              r -> asks(r) && r.method().equals("GET")));
      for (Refused one : rounds) {
        lane.prepare(upgrade());
        lane.mark();
        var times = new AtomicInteger();
        lane.operator().network(onceEach(one.which(), one.reply(), times));
        upgraded(lane, "refused with " + one.reply().code());
        lane.operator().network((request, upstream) -> upstream.send(request));
        assertThat(times).as("refusals with %d", one.reply().code()).hasPositiveValue();
      }
    }
  }

  private record Refused(Reply reply, Predicate<ApiRequest> which) {}

  /** What the API server would always refuse is given up before the job is touched, and told. */
  @Test
  void whatIsInvalidOrForbiddenIsGivenUpWhileTheJobRunsOn() throws Exception {
    try (var lane = new Lane(server, "forbidden", STORY.spec())) {
      lane.beginOperator(Trouble.NONE);
      for (Reply reply : List.of(refusal(422, "Invalid"), refusal(403, "Forbidden"))) {
        lane.prepare(upgrade());
        lane.mark();
        var times = new AtomicInteger();
        long stops = stops(lane);
        Predicate<ApiRequest> children = r -> writes(r) && !r.kind().equals("flinkclusters");
        lane.operator().network(onceEach(children, reply, times));
        lane.fault("refused with " + reply.code());
        upgrade().act().accept(lane);
        assertThat(
                lane.converge(() -> lane.settled("Running") && lane.condition("Stalled", "True")))
            .as("%s", lane.present())
            .isTrue();
        assertThat(times).hasPositiveValue();
        assertThat(lane.status().toString()).contains("ChildRefused", "as asked for");
        assertThat(lane.starts()).isZero();
        assertThat(runsOn(lane, stops)).as("%s", lane.present()).isTrue();
        innocent(lane, "refused with " + reply.code());
        lane.operator().network((request, upstream) -> upstream.send(request));
        upgraded(lane, "after it was refused with " + reply.code());
      }
    }
  }

  /** Brings it to a cluster that runs, under one operator, and is to be upgraded. */
  private static void begin(Lane lane) throws InterruptedException {
    lane.beginOperator(Trouble.NONE);
    lane.prepare(upgrade());
    lane.mark();
  }

  private static Story.Step upgrade() {
    return STORY.steps().get(0);
  }

  /** Asks for the upgrade, and waits until it has begun. */
  private static void beginUpgrade(Lane lane) throws InterruptedException {
    upgrade().act().accept(lane);
    lane.recorder.await(() -> !lane.settled("Running"), LONG);
  }

  /** For a while nothing stops the job. */
  private static void theJobRunsOn(Lane lane, String fault) throws InterruptedException {
    lane.recorder.await(() -> false, Duration.ofSeconds(5));
    assertThat(runsOn(lane, 0)).as("the job runs on: %s", lane.status()).isTrue();
    innocent(lane, fault);
  }

  /** Upgrades, and lets the judge say what he thinks. */
  private static void upgraded(Lane lane, String fault) throws InterruptedException {
    lane.fault(fault);
    upgrade().act().accept(lane);
    ends(lane, fault);
  }

  private static void ends(Lane lane, String fault) throws InterruptedException {
    assertThat(lane.converge(() -> lane.ready() && lane.starts() >= 1))
        .as("%s: upgraded, but: %s", fault, lane.status())
        .isTrue();
    innocent(lane, fault);
    assertThat(lane.starts()).as(fault).isEqualTo(1);
  }

  private static void innocent(Lane lane, String fault) throws InterruptedException {
    var verdict = lane.recorder.judge();
    Report.count(verdict.premises());
    assertThat(Report.told(verdict.violations().stream().map(v -> fault + ": " + v).toList()))
        .as(fault)
        .isEmpty();
  }

  @Test
  void aSlowApiServerIsWaitedFor() throws Exception {
    try (var lane = new Lane(server, "slow", STORY.spec())) {
      begin(lane);
      lane.operator()
          .network(
              (request, upstream) -> {
                Reply reply = upstream.send(request);
                // The way is long: what is tested is the operator that waits for it.
                return asks(request)
                    ? CompletableFuture.supplyAsync(
                            () -> reply,
                            CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS))
                        .join()
                    : reply;
              });
      upgraded(lane, "slow");
    }
  }

  // --- watches ---

  @Test
  void watchesThatAreCutAgainAndAgainAreTakenUp() throws Exception {
    try (var lane = new Lane(server, "cut", STORY.spec())) {
      begin(lane);
      var timer = Executors.newSingleThreadScheduledExecutor();
      try {
        timer.scheduleWithFixedDelay(
            () -> lane.operator().proxy().cutWatches(), 0, 400, TimeUnit.MILLISECONDS);
        upgraded(lane, "watches cut");
      } finally {
        timer.shutdownNow();
      }
    }
  }

  @Test
  void anOperatorWhoseWatchesAreSilentDoesNoHarm() throws Exception {
    try (var lane = new Lane(server, "silent", STORY.spec())) {
      begin(lane);
      lane.fault("silent watches");
      // From the moment on at which it has begun, so that it acts on what it last saw.
      beginUpgrade(lane);
      lane.operator().proxy().silence(true);
      lane.recorder.await(() -> false, Duration.ofSeconds(6));
      lane.operator().proxy().silence(false);
      ends(lane, "silent watches");
    }
  }

  @Test
  void aWatchThatIsTooOldBeginsAnew() throws Exception {
    String expired =
        """
        {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},\
        "status":"Failure","message":"too old resource version","reason":"Expired","code":410}}\
        """;
    var times = new AtomicInteger();
    events("gone", event -> List.of(event, expired), times, "410 after every event");
    assertThat(times).hasPositiveValue();
  }

  @Test
  void eventsThatComeTwiceChangeNothing() throws Exception {
    events("twice", event -> List.of(event, event), new AtomicInteger(), "doubled events");
  }

  @Test
  void everyThirdEventIsLostUntilAnotherProcessBegins() throws Exception {
    try (var lane = new Lane(server, "lost", STORY.spec())) {
      begin(lane);
      var count = new AtomicInteger();
      var lost = new AtomicInteger();
      var operator = lane.operator();
      operator
          .proxy()
          .events(
              event -> {
                boolean loses = count.incrementAndGet() % 3 == 0 && !event.contains("BOOKMARK");
                lost.addAndGet(loses ? 1 : 0);
                return loses ? List.of() : List.of(event);
              });
      lane.fault("lost events");
      upgrade().act().accept(lane);
      lane.recorder.await(() -> lane.ready() && lane.starts() >= 1, Duration.ofSeconds(8));
      innocent(lane, "lost events");
      assertThat(lost).hasPositiveValue();
      // A watch that has lost something does not know it; a process that begins lists everything.
      operator.die();
      ends(lane, "lost events");
    }
  }

  private void events(
      String name, Function<String, List<String>> filter, AtomicInteger times, String fault)
      throws Exception {
    try (var lane = new Lane(server, name, STORY.spec())) {
      begin(lane);
      lane.operator()
          .proxy()
          .events(
              event -> {
                if (event.contains("BOOKMARK")) {
                  return List.of(event);
                }
                times.incrementAndGet();
                return filter.apply(event);
              });
      upgraded(lane, fault);
    }
  }

  // --- lists ---

  /**
   * A successor that is shown how it was before the upgrade, and hears of nothing since then: all
   * of it, or all but the Deployments, which are newer.
   */
  @ParameterizedTest
  @ValueSource(strings = {"", "deployments"})
  void aSuccessorThatIsShownThePastDoesNoHarm(String newer) throws Exception {
    try (var lane = new Lane(server, "past", STORY.spec())) {
      lane.beginOperator(Trouble.NONE);
      lane.prepare(upgrade());
      Map<String, Reply> past = new ConcurrentHashMap<>();
      DisturbedOperator witness = lane.operator();
      lane.mark();
      // What its informers are answered is kept: that of a process that begins before the upgrade.
      witness.die();
      Handler keeps =
          (request, upstream) -> {
            Reply reply = upstream.send(request);
            if (request.verb().equals("list") && request.fillsCache()) {
              past.put(request.kind(), reply);
            }
            return reply;
          };
      DisturbedOperator first = lane.beginOperator(keeps);
      assertThat(past).containsKeys("flinkclusters", "deployments", "pods");
      upgraded(lane, "before the past is shown");
      first.die();
      var shown = new AtomicInteger();
      Handler shows =
          (request, upstream) -> {
            boolean old =
                request.verb().equals("list")
                    && request.fillsCache()
                    && !newer.equals(request.kind());
            Reply reply = old ? past.get(request.kind()) : null;
            shown.addAndGet(reply == null ? 0 : 1);
            return reply == null ? upstream.send(request) : reply;
          };
      lane.mark();
      lane.fault("the past is shown");
      DisturbedOperator second = lane.beginSilentOperator(shows);
      lane.recorder.await(() -> false, Duration.ofSeconds(5));
      assertThat(shown).hasPositiveValue();
      assertThat(lane.starts()).isZero();
      innocent(lane, "while the past is shown");
      second.network((request, upstream) -> upstream.send(request));
      second.proxy().silence(false);
      lane.prepare(upgrade());
      upgraded(lane, "after the past was shown");
    }
  }

  /** A newer API server, and a newer operator before this one. */
  @Test
  void whatIsNotKnownYetIsPassedOver() throws Exception {
    try (var lane = new Lane(server, "newer", STORY.spec())) {
      begin(lane);
      lane.operator().proxy().events(event -> List.of(fromTheFuture(event)));
      lane.operator()
          .network(
              (request, upstream) -> {
                Reply reply = upstream.send(request);
                return reply.ok() && request.method().equals("GET")
                    ? new Reply(
                        reply.code(),
                        reply.headers(),
                        fromTheFuture(new String(reply.body(), StandardCharsets.UTF_8))
                            .getBytes(StandardCharsets.UTF_8))
                    : reply;
              });
      upgraded(lane, "unknown fields and values");
    }
  }

  private static String fromTheFuture(String text) {
    try {
      JsonNode tree = JSON.readTree(text);
      if (tree.has("items")) {
        tree.path("items").forEach(ApiFaultsIT::age);
      } else {
        age(tree.has("object") ? tree.path("object") : tree);
      }
      return tree.toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void age(JsonNode object) {
    for (String part : List.of("metadata", "spec", "status")) {
      if (object.path(part) instanceof ObjectNode known) {
        known.putObject("fromTheFuture").putArray("list").add(1).add("two");
      }
    }
    if (object.at("/status/operation") instanceof ObjectNode operation) {
      operation.put("fromTheFuture", true);
    }
    if (object.path("kind").asText().equals("Pod")
        && object.path("status") instanceof ObjectNode status) {
      status.put("qosClass", "Better");
    }
    if (object.path("kind").asText().equals("FlinkCluster")
        && object.path("status") instanceof ObjectNode status
        && status.has("phase")) {
      status.put("phase", "Hibernating");
    }
  }

  // --- it is not there ---

  @Test
  void anOutageOfHalfAMinuteIsOutlived() throws Exception {
    try (var lane = new Lane(server, "outage", STORY.spec())) {
      begin(lane);
      lane.fault("the API server is not there");
      beginUpgrade(lane);
      lane.operator().proxy().refuse(true);
      lane.recorder.await(() -> false, Duration.ofSeconds(30));
      lane.operator().proxy().refuse(false);
      ends(lane, "an outage of 30 s");
    }
  }

  // --- what others have put up ---

  @Test
  void aQuotaThatIsFullStopsTheChangeBeforeTheJob() throws Exception {
    try (var lane = new Lane(server, "quota", STORY.spec())) {
      begin(lane);
      var quota =
          new ResourceQuotaBuilder()
              .withNewMetadata()
              .withName("full")
              .withNamespace(lane.namespace.name())
              .endMetadata()
              .withNewSpec()
              .addToHard("pods", new Quantity("2"))
              .endSpec()
              .build();
      lane.namespace.client().resource(quota).create();
      Awaitility.await("the quota is known")
          .until(() -> lane.namespace.client().resource(quota).get().getStatus().getHard() != null);
      lane.fault("the quota is full");
      beginUpgrade(lane);
      theJobRunsOn(lane, "the quota is full");
      lane.namespace.client().resource(quota).delete();
      assertThat(lane.converge(() -> lane.ready())).as("%s", lane.status()).isTrue();
      innocent(lane, "the quota was full");
    }
  }

  private static boolean runsOn(Lane lane, long stops) {
    return lane.fake().jobState().filter("RUNNING"::equals).isPresent() && stops(lane) == stops;
  }

  private static long stops(Lane lane) {
    return lane.recorder.stops();
  }

  @Test
  void aDeadWebhookInFrontOfPodsStopsTheChangeBeforeTheJob() throws Exception {
    try (var lane = new Lane(server, "webhook", STORY.spec())) {
      begin(lane);
      var webhook =
          new ValidatingWebhookConfigurationBuilder()
              .withNewMetadata()
              .withName("dead-" + lane.namespace.name())
              .endMetadata()
              .addNewWebhook()
              .withName("dead.example.com")
              .withAdmissionReviewVersions("v1")
              .withSideEffects("None")
              .withFailurePolicy("Fail")
              .withTimeoutSeconds(1)
              .withNewClientConfig()
              .withUrl("https://127.0.0.1:1/")
              .endClientConfig()
              .withNewNamespaceSelector()
              .addToMatchLabels("kubernetes.io/metadata.name", lane.namespace.name())
              .endNamespaceSelector()
              .addNewRule()
              .withApiGroups("")
              .withApiVersions("v1")
              .withResources("pods")
              .withOperations("CREATE", "UPDATE")
              .endRule()
              .endWebhook()
              .build();
      lane.fault("a dead webhook");
      lane.namespace.client().resource(webhook).create();
      try {
        beginUpgrade(lane);
        theJobRunsOn(lane, "a dead webhook");
      } finally {
        lane.namespace.client().resource(webhook).delete();
      }
      assertThat(lane.converge(() -> lane.ready())).as("%s", lane.status()).isTrue();
      innocent(lane, "a webhook that was dead");
    }
  }

  /** With rights in all namespaces: those in one end with it. */
  @Test
  void aNamespaceThatTerminatesTakesTheClusterWithIt() throws Exception {
    try (var lane = new Lane(server, "terminates", STORY.spec())) {
      var client = lane.namespace.client();
      var rights =
          RenderedChart.in(lane.namespace.name(), "").objects().stream()
              .filter(
                  o ->
                      Set.of("ClusterRole", "ClusterRoleBinding").contains(o.path("kind").asText()))
              .filter(o -> o.at("/metadata/name").asText().equals("flink-flinkcluster-operator"))
              .toList();
      rights.forEach(o -> lane.namespace.kubectl().apply(o.toString()));
      try {
        begin(lane);
        lane.fault("the namespace is deleted");
        lane.recorder.act("deleted", lane.uid(), "");
        var namespace = client.namespaces().withName(lane.namespace.name());
        namespace.delete();
        Awaitility.await("the namespace is gone")
            .atMost(LONG)
            .pollInterval(Duration.ofMillis(200))
            .until(() -> namespace.get() == null);
        assertThat(lane.recorder.await(lane::gone, LONG)).isTrue();
      } finally {
        rights.forEach(o -> client.resource(o.toString()).delete());
      }
    }
  }
}
