package io.flinkcluster.operator.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.flinkcluster.operator.judge.Facts.Cluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** What is done is written down before, rests on what is the case, and touches nobody else. */
final class OrderInvariants {
  private OrderInvariants() {}

  static List<Invariant> all() {
    return List.of(
        new IntentBeforeEffect(),
        new OneTriggerPerAttempt(),
        new OnlyOwnObjects(),
        new OneGenerationPerStart(),
        new LiveReadBeforeNoReturn(),
        new NoCrossTalk(),
        new TruthfulStatus(),
        new CommandsOnce(),
        new ReleasedByIntent(),
        new ReleasedAlone(),
        new FencedAfterFreeze());
  }

  private static boolean writes(Event event) {
    return event instanceof Event.Request request
        && request.byOperator()
        && !request.reads()
        && request.done();
  }

  /** Whether Flink is asked for the size that is recorded, which it has forgotten. */
  private static boolean ofRecordedSize(Event.FlinkCall call, Cluster cluster) {
    String size = cluster.status().at("/launch/size/parallelism").asText("none");
    String bounds = "[0-9a-f]+=Bounds\\[lower=\\d+, upper=" + size + "\\]";
    return call.call().equals("require")
        && call.trigger().matches("\\{" + bounds + "(, " + bounds + ")*\\}");
  }

  private static final class IntentBeforeEffect extends Invariant {
    /** Processes that stood still and go on with what they had read before. */
    private final Set<String> stale = new HashSet<>();

    IntentBeforeEffect() {
      super("S6");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Operator operator && operator.what().equals("goes-on")) {
        stale.add(operator.actor());
      } else if (event instanceof Event.FlinkCall call && call.reached()) {
        called(call, facts.cluster(call.cluster()));
      } else if (writes(event)) {
        written((Event.Request) event, facts);
      }
    }

    private void called(Event.FlinkCall call, Cluster cluster) {
      if (stale.contains(call.actor())) {
        return; // S20
      }
      JsonNode operation = cluster.status().path("operation");
      String stage = operation.path("stage").asText();
      boolean intended =
          switch (call.call()) {
            case "stop", "savepoint" ->
                operation.path("triggerId").asText().equals(call.trigger())
                    && call.target()
                        .startsWith(operation.path("savepointDirectory").asText("(none)"));
            case "cancel" -> stage.equals("Cancelling") || stage.equals("Stopping");
            case "require" -> stage.equals("Resizing") || ofRecordedSize(call, cluster);
            case "checkpoint" -> stage.equals("Checkpointing") || stage.equals("Resizing");
            case "dispose" -> {
              boolean marked = false;
              for (JsonNode known : cluster.status().path("savepoints")) {
                marked |=
                    known.path("path").asText().equals(call.target())
                        && known.hasNonNull("disposal");
              }
              yield marked;
            }
            default -> false;
          };
      require(
          intended,
          call,
          cluster.uid,
          "%s %s of job %s, which the status does not name: %s",
          call.call(),
          call.trigger(),
          call.job(),
          operation);
    }

    private void written(Event.Request request, Facts facts) {
      if (!request.kind().equals("deployments")) {
        return;
      }
      var there = facts.object(request.kind(), request.namespace(), request.name());
      JsonNode object = there.orElse(request.body());
      if (object == null || !Facts.jobManager(object)) {
        return;
      }
      Cluster cluster = facts.cluster(Facts.label(object, Facts.UID));
      JsonNode status = cluster.status();
      long epoch = Facts.epoch(object);
      long launched = status.at("/launch/epoch").asLong(0);
      // Its pods wait at a gate, or for their release, which come for the start that the status
      // names.
      boolean held = object.at("/spec/template/metadata/annotations").has(Facts.RELEASE);
      boolean gated = held || !object.at("/spec/template/spec/schedulingGates").isEmpty();
      boolean prepared =
          held
              && status.at("/operation/preparesJobManager").asBoolean()
              && status.at("/operation/epoch").asLong() == epoch;
      if (stale.contains(request.actor()) && gated) {
        return;
      }
      if (request.verb().equals("patch") && there.isEmpty()) {
        require(
            launched == epoch || prepared,
            request,
            cluster.uid,
            "the JobManager of start %d was made, but the status names start %d",
            epoch,
            launched);
        String job = status.at("/launch/jobId").asText("");
        require(
            job.isEmpty()
                || prepared
                || object.at("/spec/template/spec").toString().contains("\"" + job + "\""),
            request,
            cluster.uid,
            "the JobManager of start %d was made for another job than %s",
            epoch,
            job);
      } else if (request.verb().equals("delete")) {
        String stage = status.at("/operation/stage").asText();
        boolean intended =
            epoch != launched
                || status.path("launch").hasNonNull("stoppedAt")
                || status.path("launch").hasNonNull("finishedAt")
                || List.of("Stopping", "CleaningUp", "Removing").contains(stage);
        require(
            intended,
            request,
            cluster.uid,
            "the JobManager of start %d was removed, but the status says %s",
            epoch,
            status.path("operation"));
      }
    }
  }

  private static final class OneTriggerPerAttempt extends Invariant {
    /** By cluster. One that stood still may ask once more when its operation has ended. */
    private final Map<String, Set<String>> triggers = new LinkedHashMap<>();

    private final Map<String, String> operations = new HashMap<>();
    private final Set<String> ended = new HashSet<>();

    OneTriggerPerAttempt() {
      super("S7");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.FlinkCall call
          && (call.call().equals("stop") || call.call().equals("savepoint"))) {
        String operation =
            call.cluster()
                + " "
                + facts.cluster(call.cluster()).status().at("/operation/id").asText("none");
        var known = triggers.computeIfAbsent(call.cluster(), c -> new HashSet<>());
        if (known.add(call.trigger())) {
          String before = operations.put(operation, call.trigger());
          require(
              before == null || ended.contains(before),
              event,
              call.cluster(),
              "a second savepoint, %s, was asked for while nothing says that the first, %s, has"
                  + " failed",
              call.trigger(),
              before);
        }
      } else if (event instanceof Event.SavepointEnded end && !end.outcome().equals("complete")) {
        ended.add(end.trigger());
      }
    }
  }

  private static final class OnlyOwnObjects extends Invariant {
    OnlyOwnObjects() {
      super("S11");
    }

    @Override
    void before(Event event, Facts facts) {
      if (!writes(event)) {
        return;
      }
      var request = (Event.Request) event;
      if (request.kind().equals("events") || request.kind().equals("leases")) {
        return;
      }
      if (request.verb().equals("delete")) {
        require(
            !request.uid().isEmpty(),
            event,
            "",
            "%s %s was deleted by its name alone",
            request.kind(),
            request.name());
      }
      if (request.kind().equals("flinkclusters")) {
        return;
      }
      facts
          .object(request.kind(), request.namespace(), request.name())
          .ifPresent(
              object ->
                  require(
                      own(object, request, facts),
                      event,
                      "",
                      "%s %s %s belongs to somebody else",
                      request.verb(),
                      request.kind(),
                      request.name()));
    }

    private static boolean own(JsonNode object, Event.Request request, Facts facts) {
      String cluster = Facts.label(object, Facts.CLUSTER);
      String uid = Facts.label(object, Facts.UID);
      if (uid.isEmpty()) {
        boolean memory =
            request.kind().equals("configmaps")
                && request.name().equals(cluster + "-final-savepoint");
        boolean highAvailability =
            Facts.label(object, "type").equals("flink-native-kubernetes")
                && facts.names.keySet().stream()
                    .anyMatch(
                        n ->
                            n.startsWith(request.namespace() + "/")
                                && Facts.label(object, "app")
                                    .startsWith(n.substring(n.indexOf('/') + 1) + "-ha-"));
        return memory || highAvailability;
      }
      if (request.verb().equals("delete")) {
        // Of a cluster that is gone nobody else is left to remove it.
        return facts.clusters.containsKey(uid);
      }
      return facts.named(request.namespace(), cluster).filter(c -> c.uid.equals(uid)).isPresent();
    }
  }

  private static final class OneGenerationPerStart extends Invariant {
    private final Map<String, String> made = new HashMap<>();
    private final Set<String> faults = new HashSet<>();

    /**
     * Processes that have begun another pass since the spec became one that cannot be carried out.
     */
    private final Set<String> passed = new HashSet<>();

    /** How the objects of a cluster were when the change under way began. */
    private final Map<String, Map<String, JsonNode>> before = new HashMap<>();

    OneGenerationPerStart() {
      super("S12");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Operator operator && operator.what().equals("pass")) {
        passed.add(operator.actor());
        return;
      }
      if (event instanceof Event.Act act) {
        if (act.what().equals("fault")) {
          facts.clusters.keySet().forEach(faults::add);
        } else if (act.what().equals("invalid-spec") || act.what().equals("spec")) {
          faults.remove(act.cluster());
          passed.clear();
        }
        return;
      }
      if (event instanceof Event.Changed changed
          && changed.type().equals("DELETED")
          && changed.kind().equals("deployments")) {
        // Given up before a process began in it, it may be made in another way.
        JsonNode object = changed.object();
        String uid = Facts.label(object, Facts.UID);
        long epoch = Facts.epoch(object);
        if (facts.cluster(uid).runs.stream().noneMatch(r -> r.begun.epoch() == epoch)) {
          made.remove(uid + "/" + epoch + "/deployments/" + object.at("/metadata/name").asText());
        }
        return;
      }
      if (event instanceof Event.Changed changed && !changed.type().equals("DELETED")) {
        JsonNode object = changed.object();
        if (changed.kind().equals("flinkclusters")) {
          changeBegins(object, facts);
        }
        long epoch = Facts.epoch(object);
        String uid = Facts.label(object, Facts.UID);
        if (epoch < 0 || uid.isEmpty() || !changed.actor().startsWith("operator")) {
          return;
        }
        String what =
            switch (changed.kind()) {
              case "configmaps" -> object.path("data").toString();
              case "deployments" -> object.at("/spec/template/spec").toString();
              default -> null;
            };
        if (what != null) {
          String key =
              uid + "/" + epoch + "/" + changed.kind() + "/" + object.at("/metadata/name").asText();
          String before = made.putIfAbsent(key, what);
          require(
              before == null || before.equals(what),
              event,
              uid,
              "%s of start %d changed within the start",
              object.at("/metadata/name").asText(),
              epoch);
        }
      } else if (writes(event)) {
        refused((Event.Request) event, facts);
      } else if (event instanceof Event.FlinkCall call && call.reached()) {
        Cluster cluster = facts.cluster(call.cluster());
        if (untouchable(cluster, call.actor()) && !ofRecordedSize(call, cluster)) {
          require(
              false, event, cluster.uid, "%s, for a spec that cannot be carried out", call.call());
        }
      }
    }

    /** A change that is under way goes on; else nothing is done for a spec that is refused. */
    private boolean untouchable(Cluster cluster, String actor) {
      return cluster.invalid
          && !faults.contains(cluster.uid)
          && !cluster.deleting
          && passed.contains(actor)
          && cluster.status().path("operation").isMissingNode();
    }

    private void refused(Event.Request request, Facts facts) {
      var object =
          facts.object(request.kind(), request.namespace(), request.name()).orElse(request.body());
      String uid = object == null ? "" : Facts.label(object, Facts.UID);
      if (uid.isEmpty() || request.kind().equals("flinkclusters")) {
        return;
      }
      Cluster cluster = facts.cluster(uid);
      boolean leftOver =
          request.verb().equals("delete")
              && Facts.epoch(object) < cluster.status().at("/launch/epoch").asLong();
      if (untouchable(cluster, request.actor())
          && !leftOver
          && !takenBack(request, object, cluster, facts)) {
        require(
            false,
            request,
            uid,
            "%s %s %s, for a spec that cannot be carried out: %s, before the change %s, now %s",
            request.verb(),
            request.kind(),
            request.name(),
            request.body() == null ? "" : request.body().path("spec"),
            before(request, cluster).path("spec"),
            object.path("spec"));
      }
    }

    /** The object as it was when the last change began; missing: there was none. */
    private JsonNode before(Event.Request request, Cluster cluster) {
      String key = Facts.key(request.kind(), request.namespace(), request.name());
      return before
          .getOrDefault(cluster.uid, Map.of())
          .getOrDefault(key, MissingNode.getInstance());
    }

    private void changeBegins(JsonNode object, Facts facts) {
      Cluster cluster = facts.cluster(object.at("/metadata/uid").asText());
      if (cluster.status().path("operation").isMissingNode()
          && !object.at("/status/operation").isMissingNode()) {
        before.put(cluster.uid, Map.copyOf(facts.objects));
      }
    }

    /**
     * What a change had prepared that was given up: it becomes as it was, and nothing else. Of the
     * TaskManagers none that runs goes before Flink has let go of it, so that fewer go at first.
     */
    private boolean takenBack(
        Event.Request request, JsonNode object, Cluster cluster, Facts facts) {
      long epoch = Facts.epoch(object);
      if (request.verb().equals("delete")) {
        return epoch > cluster.status().at("/launch/epoch").asLong()
            && facts.processes(cluster.uid).stream().noneMatch(p -> p.epoch() == epoch)
            && cluster.runs.stream().noneMatch(r -> r.begun.epoch() == epoch);
      }
      if (request.kind().equals("pods")) {
        return onlyMarks(request.body());
      }
      if (request.kind().equals("poddisruptionbudgets")) {
        // Whether a drain waits follows the nodes; of which pods it says that stays.
        return object.at("/spec/selector").equals(request.body().at("/spec/selector"));
      }
      JsonNode then = before(request, cluster);
      return !then.isMissingNode()
          && leadsBack(then.path("spec"), object.path("spec"), request.body().path("spec"));
    }

    /** Which pod goes when the Deployment becomes smaller, and that it may lose its node again. */
    private static boolean onlyMarks(JsonNode patch) {
      JsonNode metadata = patch.path("metadata");
      return patch.size() == 1
          && names(metadata, Set.of("uid", "annotations"))
          && names(
              metadata.path("annotations"),
              Set.of(
                  "controller.kubernetes.io/pod-deletion-cost",
                  "flinkcluster.io/protected",
                  "karpenter.sh/do-not-disrupt",
                  "cluster-autoscaler.kubernetes.io/safe-to-evict"));
    }

    private static boolean names(JsonNode object, Set<String> only) {
      return !object.isEmpty()
          && object.properties().stream().allMatch(f -> only.contains(f.getKey()));
    }

    /** Whether all that is wanted was so then, or is a number on the way from now to then. */
    private static boolean leadsBack(JsonNode then, JsonNode now, JsonNode wanted) {
      if (wanted.isInt() && then.isInt() && now.isInt()) {
        int low = Math.min(then.asInt(), now.asInt());
        int high = Math.max(then.asInt(), now.asInt());
        return low <= wanted.asInt() && wanted.asInt() <= high;
      }
      if (!wanted.isContainerNode() || then.getNodeType() != wanted.getNodeType()) {
        return then.equals(wanted);
      }
      if (wanted.isArray()) {
        return then.size() == wanted.size()
            && IntStream.range(0, wanted.size())
                .allMatch(i -> leadsBack(then.get(i), now.path(i), wanted.get(i)));
      }
      return wanted.properties().stream()
          .allMatch(
              field ->
                  leadsBack(then.path(field.getKey()), now.path(field.getKey()), field.getValue()));
    }

    @Override
    void after(Event event, Facts facts) {
      if (event instanceof Event.Act act && act.what().equals("invalid-spec")) {
        premise();
      }
    }
  }

  private static final class LiveReadBeforeNoReturn extends Invariant {
    private final Map<String, Set<String>> lists = new HashMap<>();

    LiveReadBeforeNoReturn() {
      super("S13");
    }

    @Override
    void before(Event event, Facts facts) {
      if (!(event instanceof Event.Request request) || !request.byOperator()) {
        return;
      }
      String pass = request.actor() + " " + request.pass();
      if (request.verb().equals("list")
          && request.version().isEmpty()
          && request.code() == 200
          && request.told()) {
        lists.computeIfAbsent(pass, p -> new HashSet<>()).add(request.kind());
      } else if (request.done()
          && request.kind().equals("flinkclusters")
          && request.body() != null) {
        facts
            .object("flinkclusters", request.namespace(), request.name())
            .ifPresent(o -> status(request, o, pass));
      }
    }

    private void status(Event.Request request, JsonNode object, String pass) {
      long before = object.at("/status/launch/epoch").asLong(0);
      long after = request.body().at("/status/launch/epoch").asLong(0);
      var seen = lists.getOrDefault(pass, Set.of());
      if (request.subresource().equals("status") && before > 0 && after > before) {
        require(
            seen.containsAll(Set.of("deployments", "replicasets", "pods")),
            request,
            object.at("/metadata/uid").asText(),
            "start %d was decided on a look at the caches: live were asked only %s",
            after,
            seen);
      }
    }
  }

  private static final class NoCrossTalk extends Invariant {
    private final Set<String> bystanders = new HashSet<>();

    NoCrossTalk() {
      super("S15");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Act act && act.what().equals("bystander")) {
        bystanders.add(act.cluster());
      } else if (event instanceof Event.FlinkCall call) {
        check(event, call.cluster(), call.call());
      } else if (writes(event)) {
        var request = (Event.Request) event;
        if (request.kind().equals("flinkclusters")) {
          facts
              .named(request.namespace(), request.name())
              .filter(c -> !request.subresource().equals("status"))
              .ifPresent(c -> check(event, c.uid, request.verb()));
          return;
        }
        facts
            .object(request.kind(), request.namespace(), request.name())
            .map(o -> Facts.label(o, Facts.UID))
            .ifPresent(uid -> check(event, uid, request.verb() + " " + request.name()));
      }
    }

    private void check(Event event, String uid, String what) {
      if (!bystanders.isEmpty()) {
        require(!bystanders.contains(uid), event, uid, "%s of a cluster that nobody touched", what);
      }
    }
  }

  private static final class TruthfulStatus extends Invariant {
    private static final long BOUND = 30_000;
    private final Map<String, Long> ranUntil = new HashMap<>();

    TruthfulStatus() {
      super("S16");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.RunEnded ended) {
        ranUntil.put(facts.runs.get(ended.run()).begun.cluster(), event.at());
      }
      if (!(event instanceof Event.Changed changed)
          || !changed.kind().equals("flinkclusters")
          || !changed.object().path("status").has("observedGeneration")) {
        return;
      }
      JsonNode object = changed.object();
      Cluster cluster = facts.cluster(object.at("/metadata/uid").asText());
      long observed = object.at("/status/observedGeneration").asLong();
      long before = cluster.status().path("observedGeneration").asLong(-1);
      require(
          observed >= before && observed <= object.at("/metadata/generation").asLong(),
          event,
          cluster.uid,
          "observedGeneration went from %d to %d, at generation %d",
          before,
          observed,
          object.at("/metadata/generation").asLong());
      if (changed.actor().startsWith("operator") && cluster.application() && ready(object)) {
        require(
            cluster.active != null
                || ranUntil.getOrDefault(cluster.uid, -BOUND) + BOUND >= event.at(),
            event,
            cluster.uid,
            "Ready for the reason Running, but no job runs");
      }
    }

    private static boolean ready(JsonNode object) {
      for (JsonNode condition : object.at("/status/conditions")) {
        if (condition.path("type").asText().equals("Ready")
            && condition.path("status").asText().equals("True")
            && condition.path("reason").asText().equals("Running")) {
          return true;
        }
      }
      return false;
    }
  }

  private static final class CommandsOnce extends Invariant {
    private final Map<String, List<String>> tokens = new LinkedHashMap<>();
    private final Map<String, String> triggers = new HashMap<>();
    private final Map<String, Integer> taken = new HashMap<>();
    private final Map<String, Set<Long>> restarts = new HashMap<>();

    CommandsOnce() {
      super("S18");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Act act
          && (act.what().equals("savepoint-token") || act.what().equals("restart-token"))) {
        tokens
            .computeIfAbsent(act.what() + " " + act.cluster(), k -> new ArrayList<>())
            .add(act.detail());
      } else if (event instanceof Event.FlinkCall call && call.call().equals("savepoint")) {
        JsonNode operation = facts.cluster(call.cluster()).status().path("operation");
        if (operation.path("triggerKind").asText().equals("SavepointToken")) {
          triggers.put(call.trigger(), call.cluster() + " " + operation.path("trigger").asText());
        }
      } else if (event instanceof Event.SavepointEnded end
          && end.outcome().equals("complete")
          && triggers.containsKey(end.trigger())) {
        taken.merge(triggers.get(end.trigger()), 1, Integer::sum);
      } else if (event instanceof Event.ProcessEnded ended) {
        // What it has completed last nobody may have heard of.
        Event.ProcessBegan began = facts.processes.get(ended.process());
        taken.keySet().removeIf(t -> began != null && t.startsWith(began.cluster() + " "));
      } else if (event instanceof Event.Changed changed
          && changed.kind().equals("flinkclusters")
          && changed.type().equals("MODIFIED")) {
        restarted(changed.object());
      }
    }

    private void restarted(JsonNode object) {
      JsonNode status = object.path("status");
      JsonNode operation = status.path("operation");
      if (operation.path("triggerKind").asText().equals("RestartToken")
          && operation.path("stage").asText().equals("Starting")) {
        restarts
            .computeIfAbsent(
                object.at("/metadata/uid").asText() + " " + operation.path("trigger").asText(),
                k -> new HashSet<>())
            .add(status.at("/launch/epoch").asLong());
      }
    }

    @Override
    void end(Facts facts, long at) {
      taken.forEach(
          (token, count) -> {
            premise();
            if (count > 1) {
              violated(at, token.split(" ")[0], "%d savepoints for one token: %s", count, token);
            }
          });
      tokens.forEach((kind, all) -> tokens(kind.split(" "), all, facts, at));
    }

    private void tokens(String[] kind, List<String> all, Facts facts, long at) {
      Cluster cluster = facts.cluster(kind[1]);
      if (cluster.gone || cluster.deleting) {
        return;
      }
      premise();
      String action = kind[0].equals("savepoint-token") ? "savepoint" : "restart";
      String last = all.get(all.size() - 1);
      boolean suspended = cluster.object.at("/spec/suspend").asBoolean();
      boolean waits = suspended || cluster.invalid;
      if (!waits && !cluster.status().at("/actions/" + action).asText().equals(last)) {
        violated(at, cluster.uid, "the %s token %s was never served", action, last);
      }
    }
  }

  /** The pod of a JobManager process, where it was prepared before its time; empty: it was not. */
  private static Optional<JsonNode> preparedPod(Event event, Facts facts) {
    return event instanceof Event.ProcessBegan began
        ? facts.objects.entrySet().stream()
            .filter(e -> e.getKey().startsWith("pods/"))
            .map(Map.Entry::getValue)
            .filter(pod -> pod.at("/metadata/uid").asText().equals(began.pod()))
            .filter(pod -> pod.at("/metadata/annotations").has(Facts.RELEASE))
            .findFirst()
        : Optional.empty();
  }

  private static final class ReleasedByIntent extends Invariant {
    ReleasedByIntent() {
      super("S21");
    }

    @Override
    void before(Event event, Facts facts) {
      preparedPod(event, facts).ifPresent(pod -> began((Event.ProcessBegan) event, pod, facts));
    }

    private void began(Event.ProcessBegan began, JsonNode pod, Facts facts) {
      JsonNode launch = facts.cluster(began.cluster()).status().path("launch");
      List<String> release =
          pod.at("/metadata/annotations").path(Facts.RELEASE).asText().lines().toList();
      String restored = release.size() > 1 ? release.get(1) : "";
      require(
          launch.path("epoch").asLong() == began.epoch()
              && launch.path("prepared").asBoolean()
              && launch.path("jobManagerPod").asText().equals(began.pod())
              && launch.path("restoredFrom").asText("").equals(restored),
          began,
          began.cluster(),
          "the prepared pod %s began from %s, but the status says %s",
          pod.at("/metadata/name").asText(),
          restored,
          launch);
    }
  }

  private static final class ReleasedAlone extends Invariant {
    ReleasedAlone() {
      super("S22");
    }

    @Override
    void before(Event event, Facts facts) {
      if (preparedPod(event, facts).isPresent()) {
        var began = (Event.ProcessBegan) event;
        require(
            facts.objects.values().stream()
                .filter(o -> o.path("kind").asText().equals("Pod") && Facts.jobManager(o))
                .filter(o -> Facts.label(o, Facts.UID).equals(began.cluster()))
                .filter(o -> Facts.epoch(o) < began.epoch())
                .allMatch(ReleasedAlone::kubeletSaysThatItEnded),
            began,
            began.cluster(),
            "Flink began in a prepared pod while a JobManager of an earlier start was there");
      }
    }

    /** A pod that is deleted is listed for a moment after all its containers have ended. */
    private static boolean kubeletSaysThatItEnded(JsonNode pod) {
      var states = new ArrayList<JsonNode>();
      pod.at("/status/containerStatuses").forEach(c -> states.add(c.path("state")));
      return pod.path("metadata").has("deletionTimestamp")
          && Set.of("Failed", "Succeeded").contains(pod.at("/status/phase").asText())
          && !states.isEmpty()
          && states.stream().allMatch(state -> state.at("/terminated").has("finishedAt"));
    }
  }

  private static final class FencedAfterFreeze extends Invariant {
    private final Set<String> stale = new HashSet<>();
    private final Set<String> triggers = new HashSet<>();
    private final Map<String, Event.Request> last = new HashMap<>();

    FencedAfterFreeze() {
      super("S20");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Operator operator) {
        if (operator.what().equals("goes-on")) {
          stale.add(operator.actor());
        } else if (operator.what().equals("pass") && stale.contains(operator.actor())) {
          violated(event, "", "%s leads no more, and begins another pass", operator.actor());
        }
      } else if (event instanceof Event.FlinkCall call) {
        boolean known = !triggers.add(call.call() + call.job() + call.trigger() + call.target());
        if (stale.contains(call.actor()) && call.reached()) {
          JsonNode operation = facts.cluster(call.cluster()).status().path("operation");
          boolean intended = operation.path("triggerId").asText().equals(call.trigger());
          require(
              known || intended,
              event,
              call.cluster(),
              "%s asked Flink for %s %s although it leads no more",
              call.actor(),
              call.call(),
              call.trigger());
        }
      } else if (event instanceof Event.Request request) {
        last.put(request.actor(), request);
      } else if (event instanceof Event.Changed changed && stale.contains(changed.actor())) {
        if (changed.kind().equals("events")) {
          return;
        }
        Event.Request request = last.get(changed.actor());
        require(
            !request.uid().isEmpty() || !request.version().isEmpty(),
            event,
            "",
            "%s leads no more, and its %s of %s %s had no precondition",
            changed.actor(),
            request.verb(),
            request.kind(),
            request.name());
      }
    }
  }
}
