package io.flinkcluster.operator.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is the case after the events so far; kept up by the judge before an invariant is asked. */
final class Facts {
  static final String UID = "flinkcluster.io/uid";
  static final String EPOCH = "flinkcluster.io/epoch";
  static final String CLUSTER = "flinkcluster.io/cluster";
  static final String RELEASE = "flinkcluster.io/release";
  static final String COMPONENT = "app.kubernetes.io/component";

  /** A run of a job. */
  static final class Run {
    final Event.RunBegan begun;
    String ended;

    /** The newest state that it must not be put back behind. */
    String best;

    /**
     * A newer savepoint of a job that went on; empty: none. Flink itself goes back to the
     * checkpoint before it, and commits nothing with it: a start may begin from either.
     */
    String aside = "";

    Run(Event.RunBegan begun) {
      this.begun = begun;
      this.best = begun.restored();
    }
  }

  /** What is known of one FlinkCluster. */
  static final class Cluster {
    final String uid;
    JsonNode object = MissingNode.getInstance();
    boolean deleting;
    boolean gone;
    boolean invalid;

    /** The last run that reached RUNNING. */
    Run last;

    Run active;

    /** The run that came to its own end, as a batch job does; null: none did. */
    private Run finished;

    final List<Run> runs = new ArrayList<>();
    long newestEpoch;

    Cluster(String uid) {
      this.uid = uid;
    }

    /** The newest snapshot of the line; empty: empty state, or none. */
    String best() {
      return last == null ? object.at("/spec/job/initialSavepoint").asText("") : last.best;
    }

    /** Whether its job came to its own end: what it leaves is no state to go on from. */
    boolean cameToItsEnd() {
      return last != null && last == finished;
    }

    JsonNode status() {
      return object.path("status");
    }

    boolean stateless() {
      return object.at("/spec/job/upgradeMode").asText("Savepoint").equals("Stateless");
    }

    boolean application() {
      return object.at("/spec/job").isObject();
    }
  }

  final Map<String, Cluster> clusters = new LinkedHashMap<>();
  final Map<String, JsonNode> objects = new LinkedHashMap<>();
  final Map<String, Run> runs = new HashMap<>();
  final Map<String, Event.ProcessBegan> processes = new LinkedHashMap<>();
  final Map<String, Event.SnapshotTaken> snapshots = new LinkedHashMap<>();

  /** Clusters by namespace and name, the living ones. */
  final Map<String, String> names = new HashMap<>();

  static String key(String kind, String namespace, String name) {
    return kind + "/" + namespace + "/" + name;
  }

  static String key(String kind, JsonNode object) {
    return key(
        kind, object.at("/metadata/namespace").asText(), object.at("/metadata/name").asText());
  }

  static String label(JsonNode object, String label) {
    return object.path("metadata").path("labels").path(label).asText("");
  }

  static long epoch(JsonNode object) {
    return object.path("metadata").path("labels").path(EPOCH).asLong(-1);
  }

  static boolean jobManager(JsonNode object) {
    return label(object, COMPONENT).equals("jobmanager");
  }

  Cluster cluster(String uid) {
    return clusters.computeIfAbsent(uid, Cluster::new);
  }

  Optional<JsonNode> object(String kind, String namespace, String name) {
    return Optional.ofNullable(objects.get(key(kind, namespace, name)));
  }

  Optional<Cluster> named(String namespace, String name) {
    return Optional.ofNullable(names.get(namespace + "/" + name)).map(this::cluster);
  }

  void take(Event event) {
    if (event instanceof Event.Changed changed) {
      changed(changed);
    } else if (event instanceof Event.ProcessBegan began) {
      processes.put(began.process(), began);
    } else if (event instanceof Event.ProcessEnded ended) {
      processes.remove(ended.process());
    } else if (event instanceof Event.RunBegan began) {
      Cluster cluster = cluster(began.cluster());
      Run run = new Run(began);
      runs.put(began.run(), run);
      cluster.runs.add(run);
      cluster.last = run;
      cluster.active = run;
      cluster.newestEpoch = Math.max(cluster.newestEpoch, began.epoch());
    } else if (event instanceof Event.RunEnded ended) {
      Run run = runs.get(ended.run());
      run.ended = ended.state();
      Cluster cluster = cluster(run.begun.cluster());
      if (cluster.active == run) {
        cluster.active = null;
      }
    } else if (event instanceof Event.SnapshotTaken taken) {
      snapshots.put(taken.path(), taken);
      Run run = runs.get(taken.run());
      if (run != null && cluster(taken.cluster()).last == run) {
        if (taken.savepoint() && !taken.stop() && !run.best.isEmpty()) {
          run.aside = taken.path();
        } else {
          run.best = taken.path();
          run.aside = "";
        }
      }
    } else if (event instanceof Event.SnapshotDisposed disposed) {
      snapshots.remove(disposed.path());
    } else if (event instanceof Event.Act act && !act.cluster().isEmpty()) {
      Cluster cluster = cluster(act.cluster());
      switch (act.what()) {
        case "finished" -> cluster.finished = cluster.last;
        case "spec" -> cluster.invalid = false;
        case "invalid-spec" -> cluster.invalid = true;
        default -> {}
      }
    }
  }

  private static String uid(JsonNode object) {
    return object.at("/metadata/uid").asText();
  }

  private void changed(Event.Changed changed) {
    JsonNode object = changed.object();
    String key = key(changed.kind(), object);
    boolean gone = changed.type().equals("DELETED");
    if (gone) {
      // The answer to the making of the next one of this name may be known before.
      objects.computeIfPresent(key, (k, known) -> uid(known).equals(uid(object)) ? null : known);
    } else {
      objects.put(key, object);
    }
    if (changed.kind().equals("flinkclusters")) {
      Cluster cluster = cluster(object.at("/metadata/uid").asText());
      cluster.object = object;
      cluster.deleting = object.path("metadata").has("deletionTimestamp");
      cluster.gone = gone;
      String name =
          object.at("/metadata/namespace").asText() + "/" + object.at("/metadata/name").asText();
      if (gone) {
        names.remove(name, cluster.uid);
      } else {
        names.put(name, cluster.uid);
      }
    }
  }

  /** JobManager processes of a cluster that live. */
  List<Event.ProcessBegan> processes(String cluster) {
    return processes.values().stream().filter(p -> p.cluster().equals(cluster)).toList();
  }

  /** How far a snapshot has come; -1: it is not known. */
  double progress(String path) {
    Event.SnapshotTaken snapshot = snapshots.get(path);
    return snapshot == null ? -1 : snapshot.progress();
  }
}
