package io.flinkcluster.operator.apply;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Labels;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out steps. Flink is asked without waiting for its answer: what came of it is observed. A
 * step that fails is asked for again by the next decision.
 */
public final class ActionRunner {
  private static final Logger LOG = LoggerFactory.getLogger(ActionRunner.class);

  private static final Set<Integer> FINAL =
      Set.of(HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_NOT_FOUND);

  private final KubernetesClient client;
  private final FlinkRest rest;
  private final Disposals disposals;
  private final Set<String> cleaned = ConcurrentHashMap.newKeySet();

  /** The pod whose gate was lifted last. */
  private final Map<ClusterKey, String> lifted = new ConcurrentHashMap<>();

  private final Set<String> asking = ConcurrentHashMap.newKeySet();

  /** Speaks to Kubernetes and to Flink. */
  public ActionRunner(KubernetesClient client, FlinkRest rest, Disposals disposals) {
    this.client = client;
    this.rest = rest;
    this.disposals = disposals;
  }

  /**
   * Runs the steps in order.
   *
   * @param flink the JobManager of the current start; empty: none runs, and steps that need one are
   *     left out
   * @return what of it failed that nobody could do after a deletion, one line each
   */
  public List<String> run(ClusterNames names, Optional<Address> flink, List<Action> steps) {
    var failures = new ArrayList<String>();
    for (Action step : steps) {
      if (step instanceof Action.RemoveSchedulingGate lift) {
        liftGate(names, lift);
      } else if (step instanceof Action.RemoveHighAvailabilityData data) {
        removeHighAvailabilityData(names, data.clusterIds()).ifPresent(failures::add);
      } else if (step instanceof Action.RemoveCleanupPod done) {
        removePod(names, done.pod());
      } else if (step instanceof Action.MarkPods marks) {
        marks.first().forEach(pod -> mark(names, pod, "\"" + Labels.GOES_FIRST + "\""));
        marks.others().forEach(pod -> mark(names, pod, "null"));
      } else if (flink.isPresent() && step instanceof Action.Require require) {
        ask(
            require.jobId() + " " + require.bounds(),
            () -> rest.require(flink.get(), require.jobId(), require.bounds()));
      } else if (flink.isPresent() && step instanceof Action.TakeCheckpoint take) {
        ask(take.triggerId(), () -> rest.checkpoint(flink.get(), take.jobId(), take.triggerId()));
      } else if (step instanceof Action.RememberFinalSavepoint point) {
        remember(names, point).ifPresent(failures::add);
      } else if (flink.isPresent() && step instanceof Action.StopWithSavepoint stop) {
        ask(
            stop.triggerId(),
            () ->
                rest.stopWithSavepoint(
                    flink.get(), stop.jobId(), stop.triggerId(), stop.directory()));
      } else if (flink.isPresent() && step instanceof Action.DisposeSavepoint dispose) {
        var key = new ClusterKey(names.namespace(), names.name());
        disposals.begin(key, flink.get(), dispose.path());
      } else if (flink.isPresent() && step instanceof Action.CancelJob cancel) {
        ask(cancel.jobId(), () -> rest.cancel(flink.get(), cancel.jobId()));
      } else if (flink.isPresent() && step instanceof Action.TakeSavepoint take) {
        ask(
            take.triggerId(),
            () -> rest.savepoint(flink.get(), take.jobId(), take.triggerId(), take.directory()));
      }
    }
    return failures;
  }

  private void ask(String id, java.util.function.Supplier<CompletableFuture<Void>> call) {
    if (!asking.add(id)) {
      return; // the same request is on its way
    }
    LOG.info("asking Flink: {}", id);
    call.get()
        .whenComplete(
            (done, failure) -> {
              asking.remove(id);
              if (failure != null) {
                LOG.info("Flink was not reached for {}: {}", id, failure.getMessage());
              }
            });
  }

  /** The uid is a precondition: a pod of the same name that came later is not let through. */
  /** Once: the cache may show the gate for a moment after it was lifted. */
  private void liftGate(ClusterNames names, Action.RemoveSchedulingGate lift) {
    var cluster = new ClusterKey(names.namespace(), names.name());
    if (lift.uid().equals(lifted.get(cluster))) {
      return;
    }
    // Named by an object and not by its name: the client (7.8.0) would read it first.
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(names.namespace())
            .withName(lift.pod())
            .endMetadata()
            .build();
    var patch =
        "{\"metadata\":{\"uid\":\""
            + lift.uid()
            + "\"},\"spec\":{\"schedulingGates\":[{\"$patch\":\"delete\",\"name\":\""
            + Labels.GATE
            + "\"}]}}";
    try {
      client.resource(pod).patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch);
      lifted.put(cluster, lift.uid());
    } catch (KubernetesClientException e) {
      LOG.info("the gate of pod {} was not lifted: {}", lift.pod(), e.getMessage());
    }
  }

  private void removePod(ClusterNames names, String name) {
    try {
      client.pods().inNamespace(names.namespace()).withName(name).delete();
    } catch (KubernetesClientException e) {
      LOG.warn("pod {} was not removed: {}", name, e.getMessage());
    }
  }

  private void mark(ClusterNames names, String name, String cost) {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(names.namespace())
            .withName(name)
            .endMetadata()
            .build();
    var patch = "{\"metadata\":{\"annotations\":{\"" + Labels.DELETION_COST + "\":" + cost + "}}}";
    try {
      client.resource(pod).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    } catch (KubernetesClientException e) {
      LOG.info("pod {} was not marked: {}", name, e.getMessage());
    }
  }

  /** Asked for again and again; done once in the life of this process. */
  private Optional<String> removeHighAvailabilityData(ClusterNames names, List<String> clusterIds) {
    String key = names.namespace() + "/" + String.join(",", clusterIds);
    if (clusterIds.isEmpty() || !cleaned.add(key)) {
      return Optional.empty();
    }
    try {
      client
          .configMaps()
          .inNamespace(names.namespace())
          .withLabel("type", "flink-native-kubernetes")
          .withLabelIn("app", clusterIds.toArray(String[]::new))
          .list()
          .getItems()
          .forEach(c -> client.resource(c).delete());
      return Optional.empty();
    } catch (KubernetesClientException e) {
      cleaned.remove(key);
      return failure("the high availability data of Flink was not removed", names, e);
    }
  }

  /** What the API server forbids, as to write into a namespace that is going, stays forbidden. */
  private static Optional<String> failure(
      String what, ClusterNames names, KubernetesClientException e) {
    LOG.warn("{}/{}: {}: {}", names.namespace(), names.name(), what, e.getMessage());
    String why = e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
    return FINAL.contains(e.getCode()) ? Optional.empty() : Optional.of(what + ": " + why);
  }

  /** A cluster is gone; another of its name will leave the same data again. */
  public void forget(ClusterNames names) {
    lifted.remove(new ClusterKey(names.namespace(), names.name()));
    cleaned.removeIf(key -> key.startsWith(names.namespace() + "/" + names.name() + "-"));
  }

  private Optional<String> remember(ClusterNames names, Action.RememberFinalSavepoint point) {
    var configMap =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(names.finalSavepoint())
            .withNamespace(names.namespace())
            .withLabels(names.labels())
            .endMetadata()
            .withData(Map.of("path", point.path(), "jobId", String.valueOf(point.jobId())))
            .build();
    try {
      client.resource(configMap).fieldManager(Labels.OPERATOR).forceConflicts().serverSideApply();
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return failure("the restore point " + point.path() + " was not written down", names, e);
    }
  }
}
