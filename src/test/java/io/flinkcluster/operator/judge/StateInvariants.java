package io.flinkcluster.operator.judge;

import com.fasterxml.jackson.databind.JsonNode;
import io.flinkcluster.operator.judge.Facts.Cluster;
import io.flinkcluster.operator.judge.Facts.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** No state is lost, forked or silently dropped. */
final class StateInvariants {
  private StateInvariants() {}

  static List<Invariant> all() {
    return List.of(
        new OneRunningJob(),
        new OneEpochAtATime(),
        new OneWriterPerDirectory(),
        new NoRegression(),
        new NoSilentEmptyStart(),
        new FailOverIsLookedAfter(),
        new NeededSnapshotsStay(),
        new RestorePointBeforeRemoval(),
        new HighAvailabilityDataOutlivesProcesses(),
        new EndedJobsStayEnded(),
        new RecordedPointNeverOlder(),
        new SuspendedMeansSuspended());
  }

  private static final class OneRunningJob extends Invariant {
    OneRunningJob() {
      super("S1");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.RunBegan began) {
        Run active = facts.cluster(began.cluster()).active;
        require(
            active == null,
            event,
            began.cluster(),
            "job %s of start %d runs while job %s of start %d still runs",
            began.job(),
            began.epoch(),
            active == null ? "" : active.begun.job(),
            active == null ? 0 : active.begun.epoch());
      }
    }
  }

  private static final class OneEpochAtATime extends Invariant {
    OneEpochAtATime() {
      super("S2");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.ProcessBegan began) {
        var others =
            facts.processes(began.cluster()).stream()
                .filter(p -> p.epoch() != began.epoch())
                .toList();
        require(
            others.isEmpty(),
            event,
            began.cluster(),
            "a JobManager of start %d began while one of start %s lives",
            began.epoch(),
            others.isEmpty() ? "" : others.get(0).epoch());
      }
    }
  }

  private static final class OneWriterPerDirectory extends Invariant {
    private final Map<String, String> writers = new HashMap<>();

    OneWriterPerDirectory() {
      super("S3");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.RunBegan began && !began.job().isEmpty()) {
        one("job " + began.job(), began.cluster() + " start " + began.epoch(), event, facts);
      } else if (event instanceof Event.SnapshotTaken taken && !taken.run().isEmpty()) {
        String directory = taken.path().substring(0, taken.path().lastIndexOf('/'));
        one(directory, taken.cluster() + " start " + taken.epoch(), event, facts);
      }
    }

    private void one(String what, String writer, Event event, Facts facts) {
      String other = writers.putIfAbsent(what, writer);
      require(
          other == null || other.equals(writer),
          event,
          writer.split(" ")[0],
          "%s is written by %s and by %s",
          what,
          other,
          writer);
    }
  }

  /** What is restored by the first run of a start. */
  private abstract static class OfStarts extends Invariant {
    OfStarts(String id) {
      super(id);
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.RunBegan began) {
        Cluster cluster = facts.cluster(began.cluster());
        boolean first = cluster.runs.stream().noneMatch(r -> r.begun.epoch() == began.epoch());
        if (first && !began.job().isEmpty()) {
          started(began, cluster, facts);
        }
      }
    }

    abstract void started(Event.RunBegan began, Cluster cluster, Facts facts);

    /** A rollback goes back, on purpose, behind what the change that failed has written. */
    static String expected(Event.RunBegan began, Cluster cluster) {
      JsonNode operation = cluster.status().path("operation");
      boolean rollback = operation.path("type").asText().equals("Rollback");
      if (!rollback || cluster.last == null) {
        return cluster.best();
      }
      long undone = undone(cluster, began.epoch());
      return cluster.runs.stream()
          .filter(r -> r.begun.epoch() != undone)
          .reduce((a, b) -> b)
          .map(r -> r.best)
          .orElse(cluster.object.at("/spec/job/initialSavepoint").asText(""));
    }

    /** The start that the rollback undoes: that of the last change that failed. */
    private static long undone(Cluster cluster, long now) {
      for (JsonNode record : cluster.status().path("operations")) {
        if (record.path("result").asText().equals("RolledBack")
            || record.path("result").asText().equals("Failed")) {
          return record.path("epoch").asLong(-1);
        }
      }
      return now - 1;
    }
  }

  private static final class NoRegression extends OfStarts {
    NoRegression() {
      super("S4");
    }

    @Override
    void started(Event.RunBegan began, Cluster cluster, Facts facts) {
      if (began.restored().isEmpty()) {
        return; // S5
      }
      String expected = expected(began, cluster);
      require(
          (began.restored().equals(expected) || aside(began, cluster)) && !cluster.stateless(),
          began,
          began.cluster(),
          "start %d restored %s (progress %.1f), but the newest state of the line is %s (progress"
              + " %.1f)",
          began.epoch(),
          began.restored(),
          facts.progress(began.restored()),
          expected.isEmpty() ? "none" : expected,
          facts.progress(expected));
    }

    private static boolean aside(Event.RunBegan began, Cluster cluster) {
      return cluster.last != null && began.restored().equals(cluster.last.aside);
    }
  }

  private static final class NoSilentEmptyStart extends OfStarts {
    NoSilentEmptyStart() {
      super("S5");
    }

    @Override
    void started(Event.RunBegan began, Cluster cluster, Facts facts) {
      if (!began.restored().isEmpty()) {
        return;
      }
      String expected = expected(began, cluster);
      require(
          expected.isEmpty() || cluster.stateless(),
          began,
          began.cluster(),
          "start %d began with empty state, but %s (progress %.1f) is the newest of the line",
          began.epoch(),
          expected,
          facts.progress(expected));
    }
  }

  /**
   * Flink may begin again from too old a checkpoint, as when its data was lost: that is noticed.
   */
  private static final class FailOverIsLookedAfter extends Invariant {
    private final Map<String, Event.RunBegan> suspicious = new HashMap<>();
    private final Map<String, String> lost = new HashMap<>();

    FailOverIsLookedAfter() {
      super("S5");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.RunBegan began) {
        Cluster cluster = facts.cluster(began.cluster());
        String best = cluster.best();
        Event.SnapshotTaken newest = facts.snapshots.get(best);
        boolean older =
            cluster.last != null
                && cluster.last.begun.epoch() == began.epoch()
                && newest != null
                && !newest.savepoint()
                && facts.progress(began.restored()) < newest.progress();
        if (older) {
          suspicious.put(began.cluster(), began);
          lost.put(began.cluster(), best);
        } else if (cluster.last != null && cluster.last.begun.epoch() != began.epoch()) {
          suspicious.remove(began.cluster());
        }
      } else if (event instanceof Event.Act act && act.what().equals("unquiet")) {
        suspicious.forEach(
            (cluster, run) ->
                violated(
                    event,
                    cluster,
                    "the job of start %d went on from %s, although %s was newer, and nobody noticed",
                    run.epoch(),
                    run.restored().isEmpty() ? "empty state" : run.restored(),
                    lost.get(cluster)));
        suspicious.clear();
      }
    }
  }

  private static final class NeededSnapshotsStay extends Invariant {
    NeededSnapshotsStay() {
      super("S8");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.FlinkCall call && call.call().equals("dispose")) {
        Cluster cluster = facts.cluster(call.cluster());
        String path = call.target();
        JsonNode status = cluster.status();
        boolean needed =
            path.equals(cluster.best())
                || Stream.of("/restorePoint/path", "/launch/restoredFrom", "/operation/savepoint")
                    .anyMatch(p -> status.at(p).asText().equals(path));
        require(!needed, event, cluster.uid, "the deletion of %s was asked for: needed", path);
        for (JsonNode known : status.path("savepoints")) {
          if (known.path("path").asText().equals(path)) {
            require(
                !known.path("triggerKind").asText().equals("SavepointToken"),
                event,
                cluster.uid,
                "the deletion of %s was asked for, which a user asked for",
                path);
          }
        }
      }
    }
  }

  private static final class RestorePointBeforeRemoval extends Invariant {
    RestorePointBeforeRemoval() {
      super("S9");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Request request
          && request.byOperator()
          && request.verb().equals("delete")
          && request.done()) {
        if (request.kind().equals("deployments")) {
          facts
              .object("deployments", request.namespace(), request.name())
              .filter(Facts::jobManager)
              .ifPresent(o -> removed(request, o, facts));
        }
      } else if (event instanceof Event.Changed changed
          && changed.kind().equals("flinkclusters")
          && changed.type().equals("DELETED")) {
        deleted(changed, facts);
      }
    }

    private void removed(Event.Request request, JsonNode deployment, Facts facts) {
      Cluster cluster = facts.cluster(Facts.label(deployment, Facts.UID));
      long epoch = Facts.epoch(deployment);
      if (!cluster.application()
          || cluster.stateless()
          || cluster.last == null
          || cluster.last.begun.epoch() != epoch) {
        return;
      }
      if (cluster.deleting) {
        return; // what it leaves is asked at its end
      }
      String best = cluster.best();
      require(
          best.isEmpty() || cluster.cameToItsEnd() || reachable(cluster, best),
          request,
          cluster.uid,
          "the JobManager of start %d was removed, but the status does not lead to %s: %s",
          epoch,
          best,
          cluster.status().path("operation"));
      boolean covered = cluster.active == null || looksForMore(cluster);
      require(
          covered,
          request,
          cluster.uid,
          "the JobManager of start %d was removed while its job runs, and what it completes since is"
              + " not looked for",
          epoch);
    }

    private static boolean looksForMore(Cluster cluster) {
      JsonNode status = cluster.status();
      JsonNode launch = status.path("launch");
      boolean undone = status.at("/operation/type").asText().equals("Rollback");
      return launch.hasNonNull("lostAt")
          || undone
          || !launch.path("jobId").asText().equals(cluster.last.begun.job());
    }

    /** From either a start may begin. */
    static boolean reachable(Cluster cluster, String best) {
      return leadsTo(cluster, best)
          || !cluster.last.aside.isEmpty() && leadsTo(cluster, cluster.last.aside);
    }

    private static boolean leadsTo(Cluster cluster, String best) {
      JsonNode status = cluster.status();
      JsonNode launch = status.path("launch");
      if (Stream.of("/restorePoint/path", "/launch/restoredFrom", "/operation/savepoint")
          .anyMatch(p -> status.at(p).asText().equals(best))) {
        return true;
      }
      var directories = new ArrayList<String>();
      launch.path("snapshotSearchDirectories").forEach(d -> directories.add(d.asText()));
      directories.add(launch.path("unconfirmedSavepointDirectory").asText("(none)"));
      // A start from a checkpoint looks beside it for one that nobody saw before the job failed
      // over.
      String known = status.at("/restorePoint/path").asText("");
      if (known.matches(".+/chk-[0-9]+") && best.equals(cluster.last.begun.restored())) {
        directories.add(known.substring(0, known.lastIndexOf('/') + 1));
      }
      if (launch.hasNonNull("lostAt")) {
        directories.add("/" + launch.path("jobId").asText());
      }
      boolean rollback = status.at("/operation/type").asText().equals("Rollback");
      return rollback
          || directories.stream().anyMatch(d -> best.contains(d.startsWith("/") ? d + "/" : d));
    }

    private void deleted(Event.Changed changed, Facts facts) {
      JsonNode object = changed.object();
      Cluster cluster = facts.cluster(object.at("/metadata/uid").asText());
      String best = cluster.best();
      boolean kept = !object.at("/spec/job/onDelete").asText("Savepoint").equals("Cancel");
      if (!cluster.application()
          || cluster.stateless()
          || best.isEmpty()
          || !kept
          || cluster.last == null) {
        return;
      }
      String name = object.at("/metadata/name").asText() + "-final-savepoint";
      var memory = facts.object("configmaps", object.at("/metadata/namespace").asText(), name);
      boolean told =
          memory
              .filter(
                  m ->
                      List.of(best, cluster.last.aside).contains(m.at("/data/path").asText())
                          || m.path("data").hasNonNull("note"))
              .isPresent();
      require(
          told,
          changed,
          cluster.uid,
          "the cluster is gone, and %s does not say that its newest state is %s: %s",
          name,
          best,
          memory.map(m -> m.path("data").toString()).orElse("it does not exist"));
    }
  }

  private static final class HighAvailabilityDataOutlivesProcesses extends Invariant {
    HighAvailabilityDataOutlivesProcesses() {
      super("S10");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Request request
          && request.byOperator()
          && request.verb().equals("delete")
          && request.kind().equals("configmaps")
          && request.done()) {
        facts
            .object("configmaps", request.namespace(), request.name())
            .filter(o -> Facts.label(o, "configmap-type").equals("high-availability"))
            .ifPresent(
                o -> {
                  String app = Facts.label(o, "app");
                  long epoch = Long.parseLong(app.substring(app.lastIndexOf('-') + 1));
                  String cluster = app.replaceFirst("-ha-[0-9a-f]+-[0-9]+$", "");
                  var living =
                      facts.processes.values().stream()
                          .filter(p -> p.epoch() == epoch)
                          .filter(
                              p ->
                                  facts
                                      .named(request.namespace(), cluster)
                                      .filter(c -> c.uid.equals(p.cluster()))
                                      .isPresent())
                          .toList();
                  require(
                      living.isEmpty(),
                      event,
                      "",
                      "%s was deleted while its JobManager lives",
                      request.name());
                });
      }
    }
  }

  private static final class EndedJobsStayEnded extends Invariant {
    private final Set<String> ended = new HashSet<>();

    EndedJobsStayEnded() {
      super("S14");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.RunBegan began) {
        Cluster cluster = facts.cluster(began.cluster());
        boolean first = cluster.runs.stream().noneMatch(r -> r.begun.epoch() == began.epoch());
        if (first && !began.job().isEmpty()) {
          require(
              !ended.contains(began.cluster()),
              event,
              began.cluster(),
              "start %d runs a job that had come to its own end",
              began.epoch());
        }
      }
    }

    @Override
    void after(Event event, Facts facts) {
      if (event instanceof Event.Act act) {
        switch (act.what()) {
          case "finished" -> ended.add(act.cluster());
          case "restart-token" -> ended.remove(act.cluster());
          default -> {}
        }
      }
    }
  }

  private static final class RecordedPointNeverOlder extends Invariant {
    RecordedPointNeverOlder() {
      super("S17");
    }

    @Override
    void before(Event event, Facts facts) {
      if (event instanceof Event.Changed changed
          && changed.kind().equals("flinkclusters")
          && changed.type().equals("MODIFIED")) {
        Cluster cluster = facts.cluster(changed.object().at("/metadata/uid").asText());
        String old = cluster.status().at("/restorePoint/path").asText("");
        String now = changed.object().at("/status/restorePoint/path").asText("");
        if (old.isEmpty() || old.equals(now) || cluster.stateless() || cluster.cameToItsEnd()) {
          return;
        }
        boolean lineEnded = cluster.last != null && !onLine(cluster, old, facts);
        require(
            lineEnded || (!now.isEmpty() && facts.progress(now) >= facts.progress(old)),
            event,
            cluster.uid,
            "the recorded restore point went from %s (progress %.1f) back to %s (progress %.1f)",
            old,
            facts.progress(old),
            now.isEmpty() ? "none" : now,
            facts.progress(now));
      }
    }

    /** Not a savepoint behind which the job went on, or began again: that is abandoned. */
    private static boolean onLine(Cluster cluster, String path, Facts facts) {
      Event.SnapshotTaken point = facts.snapshots.get(path);
      boolean abandoned =
          point != null
              && point.savepoint()
              && (point.stop() || !point.run().equals(cluster.last.begun.run()));
      return !abandoned || facts.progress(path) <= facts.progress(cluster.best());
    }
  }

  private static final class SuspendedMeansSuspended extends Invariant {
    SuspendedMeansSuspended() {
      super("S19");
    }

    @Override
    void after(Event event, Facts facts) {
      if (event instanceof Event.Changed changed
          && changed.kind().equals("flinkclusters")
          && changed.object().at("/status/phase").asText().equals("Suspended")) {
        Cluster cluster = facts.cluster(changed.object().at("/metadata/uid").asText());
        require(
            facts.processes(cluster.uid).isEmpty(),
            event,
            cluster.uid,
            "Suspended, but a JobManager lives");
        String best = cluster.best();
        require(
            best.isEmpty()
                || cluster.last == null // it is in the spec
                || cluster.stateless()
                || RestorePointBeforeRemoval.reachable(cluster, best),
            event,
            cluster.uid,
            "Suspended, but the status does not lead to %s",
            best);
      }
    }
  }
}
