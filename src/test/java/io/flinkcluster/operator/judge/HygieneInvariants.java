package io.flinkcluster.operator.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a cluster is made of, and what is left of it. */
final class HygieneInvariants {
  private HygieneInvariants() {}

  static List<Invariant> all(List<String> markers) {
    return List.of(
        new NothingStays(),
        new EverythingIsLabelled(),
        new StatusIsSmall(),
        new Names(),
        new FewWrites(),
        new OneManager(),
        new NodesAreLetGo(),
        new NoSecrets(),
        new NothingLeaks(markers),
        new Restricted(),
        new Selectors(),
        new ServiceAccounts(),
        new Images());
  }

  private static boolean made(Event event) {
    return event instanceof Event.Changed changed
        && !changed.type().equals("DELETED")
        && changed.actor().startsWith("operator")
        && !Set.of("flinkclusters", "events").contains(changed.kind());
  }

  private static boolean template(Event event) {
    return made(event) && ((Event.Changed) event).kind().equals("deployments");
  }

  private static final class NothingStays extends Invariant {
    private final List<String> gone = new ArrayList<>();

    NothingStays() {
      super("K1");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Changed changed
          && changed.kind().equals("flinkclusters")
          && changed.type().equals("DELETED")) {
        gone.add(changed.object().at("/metadata/uid").asText());
      }
    }

    @Override
    void end(Facts facts, long at) {
      for (String uid : gone) {
        premise();
        JsonNode cluster = facts.cluster(uid).object;
        String prefix = cluster.at("/metadata/name").asText() + "-ha-";
        boolean again =
            facts.names.containsKey(
                cluster.at("/metadata/namespace").asText()
                    + "/"
                    + cluster.at("/metadata/name").asText());
        facts.objects.forEach(
            (key, object) -> {
              boolean labelled = Facts.label(object, Facts.UID).equals(uid);
              boolean data = !again && Facts.label(object, "app").startsWith(prefix);
              if (labelled || data) {
                violated(at, uid, "%s is left of a cluster that is gone", key);
              }
            });
      }
      for (var cluster : facts.clusters.values()) {
        if (!cluster.gone
            && !cluster.deleting
            && cluster.status().path("operation").isMissingNode()) {
          starts(cluster, facts, at);
        }
      }
    }

    /** Of starts that are over nothing stays but what may be gone back to. */
    private void starts(Facts.Cluster cluster, Facts facts, long at) {
      premise();
      long epoch = cluster.status().at("/launch/epoch").asLong(0);
      facts.objects.forEach(
          (key, object) -> {
            boolean pods = key.startsWith("deployments/") || key.startsWith("services/");
            if (pods
                && Facts.label(object, Facts.UID).equals(cluster.uid)
                && Facts.epoch(object) > 0
                && Facts.epoch(object) != epoch) {
              violated(at, cluster.uid, "%s is left of a start that is over", key);
            }
            String app = Facts.label(object, "app");
            if (app.startsWith(cluster.object.at("/metadata/name").asText() + "-ha-")
                && Long.parseLong(app.substring(app.lastIndexOf('-') + 1)) < epoch) {
              violated(at, cluster.uid, "%s is left of a start that is over", key);
            }
          });
    }
  }

  private static final class EverythingIsLabelled extends Invariant {
    EverythingIsLabelled() {
      super("K2");
    }

    @Override
    void after(Event event, Facts facts) {
      if (made(event)) {
        JsonNode object = ((Event.Changed) event).object();
        String name = object.at("/metadata/name").asText();
        boolean memory = name.endsWith("-final-savepoint");
        boolean own =
            !Facts.label(object, Facts.CLUSTER).isEmpty()
                && (memory || facts.clusters.containsKey(Facts.label(object, Facts.UID)));
        require(own, event, "", "%s does not say whose it is", name);
      }
    }
  }

  private static final class StatusIsSmall extends Invariant {
    StatusIsSmall() {
      super("K4");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Changed changed && changed.kind().equals("flinkclusters")) {
        JsonNode status = changed.object().path("status");
        int size = status.toString().length();
        require(size <= 16_384, event, "", "the status has %d characters", size);
        require(
            status.path("operations").size() <= 11,
            event,
            "",
            "the status has %d operations",
            status.path("operations").size());
        for (JsonNode condition : status.path("conditions")) {
          int length = condition.path("message").asText().length();
          require(length <= 4096, event, "", "a message has %d characters", length);
        }
      } else if (event instanceof Event.Changed changed && changed.kind().equals("events")) {
        int length = changed.object().path("message").asText().length();
        require(length <= 1024, event, "", "the message of an event has %d characters", length);
      }
    }
  }

  private static final class Names extends Invariant {
    Names() {
      super("K6");
    }

    @Override
    void before(Event event, Facts facts) {
      if (made(event)) {
        JsonNode object = ((Event.Changed) event).object();
        String name = object.at("/metadata/name").asText();
        require(
            name.length() <= 63 && name.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?"),
            event,
            "",
            "the name %s",
            name);
        object
            .at("/metadata/labels")
            .properties()
            .forEach(
                label ->
                    require(
                        label
                            .getValue()
                            .asText()
                            .matches("([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?"),
                        event,
                        "",
                        "the label %s: %s",
                        label.getKey(),
                        label.getValue()));
      }
    }
  }

  private static final class FewWrites extends Invariant {
    private static final int MOST = 60;
    private final Map<String, Integer> writes = new HashMap<>();

    FewWrites() {
      super("K7");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Act act) {
        if (!act.what().equals("waiting")) {
          writes.clear();
        }
      } else if (event instanceof Event.Request request
          && request.byOperator()
          && !request.reads()
          && request.done()) {
        facts
            .named(request.namespace(), request.name())
            .filter(c -> request.kind().equals("flinkclusters"))
            .ifPresent(
                c -> {
                  String what =
                      c.uid
                          + c.status().at("/operation/id").asText()
                          + c.status().at("/operation/stage").asText();
                  premise();
                  if (writes.merge(what, 1, Integer::sum) == MOST) {
                    violated(event, c.uid, "%d writes of the status within one stage", MOST);
                  }
                });
      }
    }
  }

  private static final class OneManager extends Invariant {
    private final Map<String, String> managers = new HashMap<>();

    OneManager() {
      super("K8");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Request request
          && request.byOperator()
          && request.done()
          && !request.reads()) {
        require(
            !request.verb().equals("update"),
            event,
            "",
            "%s %s was replaced as a whole",
            request.kind(),
            request.name());
        if (request.verb().equals("patch") && !request.manager().isEmpty()) {
          String what =
              (request.kind() + "/" + request.name() + " " + request.subresource()).strip();
          String other = managers.putIfAbsent(what, request.manager());
          require(
              other == null || other.equals(request.manager()),
              event,
              "",
              "%s is written as %s and as %s",
              what,
              other,
              request.manager());
        }
      }
    }
  }

  /** Nodes are kept while an operation is under way, and may be taken away at rest. */
  private static final class NodesAreLetGo extends Invariant {
    private static final long SOON = 30_000;
    private final Map<String, Long> rests = new HashMap<>();

    NodesAreLetGo() {
      super("K9");
    }

    @Override
    void after(Event event, Facts facts) {
      if (event instanceof Event.Changed changed && changed.kind().equals("flinkclusters")) {
        String uid = changed.object().at("/metadata/uid").asText();
        if (changed.object().at("/status/operation").isMissingNode()) {
          rests.putIfAbsent(uid, event.at());
        } else {
          rests.remove(uid);
        }
      }
    }

    @Override
    void end(Facts facts, long at) {
      for (var cluster : facts.clusters.values()) {
        boolean rests =
            !cluster.gone
                && !cluster.deleting
                && !cluster.object.at("/metadata/annotations").has("flinkcluster.io/pause")
                && at - this.rests.getOrDefault(cluster.uid, at) >= SOON;
        if (!rests) {
          continue;
        }
        facts.objects.forEach(
            (key, object) -> {
              if (key.startsWith("pods/")
                  && Facts.label(object, Facts.UID).equals(cluster.uid)
                  && !object.path("metadata").has("deletionTimestamp")) {
                premise();
                if (object.at("/metadata/annotations").has("flinkcluster.io/protected")) {
                  violated(at, cluster.uid, "%s keeps its node at rest", key);
                }
              }
            });
      }
    }
  }

  private static final class NoSecrets extends Invariant {
    NoSecrets() {
      super("X2");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Request request && request.byOperator()) {
        boolean wrong =
            request.kind().equals("secrets")
                || Set.of("token", "exec", "log", "attach", "portforward")
                    .contains(request.subresource());
        require(
            !wrong, event, "", "%s %s %s", request.verb(), request.kind(), request.subresource());
      }
    }
  }

  private static final class NothingLeaks extends Invariant {
    private final List<String> markers;

    NothingLeaks(List<String> markers) {
      super("X3");
      this.markers = markers;
    }

    @Override
    void before(Event event, Facts facts) {
      if (markers.isEmpty()) {
        return;
      }
      if (event instanceof Event.Logged logged) {
        check(event, "a log line", logged.line());
      } else if (event instanceof Event.Changed changed && changed.actor().startsWith("operator")) {
        // What a user wrote into the spec stays there; all else comes from the operator.
        String text =
            changed.kind().equals("flinkclusters")
                ? changed.object().path("status").toString()
                : changed.object().toString();
        check(event, changed.kind() + " " + changed.object().at("/metadata/name").asText(), text);
      }
    }

    private void check(Event event, String where, String text) {
      premise();
      for (String marker : markers) {
        if (text.contains(marker)) {
          violated(event, "", "%s shows a secret value", where);
        }
      }
    }
  }

  private static final class Restricted extends Invariant {
    Restricted() {
      super("X4");
    }

    @Override
    void before(Event event, Facts facts) {
      if (template(event)) {
        JsonNode pod = ((Event.Changed) event).object().at("/spec/template/spec");
        boolean ok =
            pod.at("/securityContext/runAsNonRoot").asBoolean()
                && pod.at("/securityContext/seccompProfile/type").asText().equals("RuntimeDefault");
        var containers = new ArrayList<JsonNode>();
        pod.path("containers").forEach(containers::add);
        pod.path("initContainers").forEach(containers::add);
        for (JsonNode container : containers) {
          JsonNode context = container.path("securityContext");
          ok &=
              context.has("allowPrivilegeEscalation")
                  && !context.path("allowPrivilegeEscalation").asBoolean()
                  && context.at("/capabilities/drop").toString().contains("ALL");
        }
        require(ok, event, "", "a pod that the restricted profile refuses");
      }
    }
  }

  private static final class Selectors extends Invariant {
    Selectors() {
      super("X9");
    }

    @Override
    void before(Event event, Facts facts) {
      if (template(event)) {
        JsonNode object = ((Event.Changed) event).object();
        JsonNode selector = object.at("/spec/selector/matchLabels");
        JsonNode labels = object.at("/spec/template/metadata/labels");
        boolean ok =
            selector.path(Facts.CLUSTER).asText().equals(Facts.label(object, Facts.CLUSTER))
                && selector.path(Facts.EPOCH).asText().equals(Facts.label(object, Facts.EPOCH))
                && labels.path(Facts.UID).asText().equals(Facts.label(object, Facts.UID));
        for (var entry : selector.properties()) {
          ok &= entry.getValue().equals(labels.get(entry.getKey()));
        }
        require(ok, event, "", "the selector %s of pods with %s", selector, labels);
      }
    }
  }

  private static final class ServiceAccounts extends Invariant {
    ServiceAccounts() {
      super("X10");
    }

    @Override
    void before(Event event, Facts facts) {
      if (template(event)) {
        JsonNode object = ((Event.Changed) event).object();
        JsonNode cluster = facts.cluster(Facts.label(object, Facts.UID)).object;
        String account = object.at("/spec/template/spec/serviceAccountName").asText();
        String wanted = cluster.at("/spec/serviceAccountName").asText("flink");
        require(account.equals(wanted), event, "", "pods with the service account %s", account);
      }
    }
  }

  private static final class Images extends Invariant {
    Images() {
      super("X12");
    }

    @Override
    void before(Event event, Facts facts) {
      if (template(event)) {
        JsonNode object = ((Event.Changed) event).object();
        String uid = Facts.label(object, Facts.UID);
        var config =
            facts.objects.entrySet().stream()
                .filter(e -> e.getKey().startsWith("configmaps/"))
                .map(Map.Entry::getValue)
                .filter(c -> Facts.label(c, Facts.UID).equals(uid))
                .filter(c -> Facts.epoch(c) == Facts.epoch(object))
                .findFirst();
        if (config.isPresent()) {
          String spec = config.get().at("/data/spec.json").asText();
          for (JsonNode container : object.at("/spec/template/spec/containers")) {
            if (container.path("name").asText().equals("flink")) {
              require(
                  spec.contains("\"image\":\"" + container.path("image").asText() + "\""),
                  event,
                  uid,
                  "pods of start %d run %s",
                  Facts.epoch(object),
                  container.path("image"));
            }
          }
        }
      }
    }
  }
}
