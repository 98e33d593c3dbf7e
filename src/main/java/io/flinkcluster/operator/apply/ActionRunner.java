package io.flinkcluster.operator.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.flinkcluster.operator.api.ChildMetadataSpec;
import io.flinkcluster.operator.decide.Action;
import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out steps. Flink is asked without waiting for its answer: what came of it is observed. A
 * step that fails is asked for again by the next decision.
 */
public final class ActionRunner {
  private static final Logger LOG = LoggerFactory.getLogger(ActionRunner.class);

  private final KubernetesClient client;
  private final FlinkRest rest;
  private final Disposals disposals;
  private final FinalSavepoints memory;
  private final PodAnnotations protections;

  /** The newest start whose high availability data, and all older, was removed; by cluster. */
  private final Map<ClusterKey, Long> cleaned = new ConcurrentHashMap<>();

  /** The pod whose gate was lifted, or that was released, last. */
  private final Map<ClusterKey, String> lifted = new ConcurrentHashMap<>();

  private final Set<String> asking = ConcurrentHashMap.newKeySet();

  /** Speaks to Kubernetes and to Flink. */
  public ActionRunner(KubernetesClient client, FlinkRest rest, Disposals disposals) {
    this.client = client;
    this.rest = rest;
    this.disposals = disposals;
    this.memory = new FinalSavepoints(client);
    this.protections = new PodAnnotations(client);
  }

  /**
   * Runs the steps in order.
   *
   * @param flink the JobManager of the current start; empty: none runs, and steps that need one are
   *     left out
   * @param metadata labels and annotations for what is made
   * @return what of it failed that nobody could do after a deletion, one line each
   */
  public List<String> run(
      ClusterKey cluster, Optional<Address> flink, ChildMetadataSpec metadata, List<Action> steps) {
    return steps.stream().flatMap(step -> run(cluster, flink, metadata, step).stream()).toList();
  }

  /** Every act has its case: as a switch over an enum that is an expression, it must. */
  private Optional<String> run(
      ClusterKey cluster, Optional<Address> flink, ChildMetadataSpec metadata, Action step) {
    return switch (step.kind()) {
      case REMOVE_SCHEDULING_GATE -> liftGate(cluster, (Action.RemoveSchedulingGate) step);
      case RELEASE_JOB_MANAGER -> release(cluster, (Action.ReleaseJobManager) step);
      case REMOVE_HIGH_AVAILABILITY_DATA ->
          removeHighAvailabilityData(cluster, (Action.RemoveHighAvailabilityData) step);
      case REMOVE_CLEANUP_POD -> removePod(cluster, (Action.RemoveCleanupPod) step);
      case REPLACE_POD -> replace(cluster, (Action.ReplacePod) step);
      case PROTECT_PODS -> {
        protections.write(cluster, (Action.ProtectPods) step);
        yield Optional.empty();
      }
      case MARK_PODS -> mark(cluster, (Action.MarkPods) step);
      case REMEMBER_FINAL_SAVEPOINT ->
          memory.write(cluster, metadata, (Action.RememberFinalSavepoint) step);
      case MARK_FINAL_SAVEPOINT -> memory.mark(cluster, ((Action.MarkFinalSavepoint) step).path());
      case FORGET_FINAL_SAVEPOINT ->
          memory.forget(cluster, ((Action.ForgetFinalSavepoint) step).path());
      case REQUIRE -> {
        var require = (Action.Require) step;
        yield ask(
            cluster,
            require.jobId() + " " + require.bounds(),
            flink.map(f -> () -> rest.require(f, require.jobId(), require.bounds())));
      }
      case TAKE_CHECKPOINT -> {
        var take = (Action.TakeCheckpoint) step;
        yield ask(
            cluster,
            take.triggerId(),
            flink.map(f -> () -> rest.checkpoint(f, take.jobId(), take.triggerId())));
      }
      case STOP_WITH_SAVEPOINT -> {
        var stop = (Action.StopWithSavepoint) step;
        yield ask(
            cluster,
            stop.triggerId(),
            flink.map(
                f ->
                    () ->
                        rest.stopWithSavepoint(
                            f, stop.jobId(), stop.triggerId(), stop.directory())));
      }
      case TAKE_SAVEPOINT -> {
        var take = (Action.TakeSavepoint) step;
        yield ask(
            cluster,
            take.triggerId(),
            flink.map(
                f -> () -> rest.savepoint(f, take.jobId(), take.triggerId(), take.directory())));
      }
      case CANCEL_JOB -> {
        var cancel = (Action.CancelJob) step;
        yield ask(cluster, cancel.jobId(), flink.map(f -> () -> rest.cancel(f, cancel.jobId())));
      }
      case DISPOSE_SAVEPOINT -> {
        String path = ((Action.DisposeSavepoint) step).path();
        flink.ifPresent(f -> disposals.begin(cluster, f, path));
        yield Optional.empty();
      }
    };
  }

  private Optional<String> ask(
      ClusterKey cluster, String id, Optional<Supplier<CompletableFuture<Void>>> call) {
    if (call.isEmpty() || !asking.add(id)) {
      return Optional.empty(); // nobody to ask, or the same request is on its way
    }
    LOG.info("{}: asking Flink: {}", cluster, id);
    call.get()
        .get()
        .whenComplete(
            (done, failure) -> {
              asking.remove(id);
              if (failure != null) {
                LOG.warn("{}: Flink did not take {}: {}", cluster, id, failure.getMessage());
              }
            });
    return Optional.empty();
  }

  /**
   * Once: the cache may show the gate for a moment after it was lifted. The uid is a precondition:
   * a pod of the same name that came later is not let through.
   */
  private Optional<String> liftGate(ClusterKey cluster, Action.RemoveSchedulingGate lift) {
    if (lift.uid().equals(lifted.get(cluster))) {
      return Optional.empty();
    }
    var patch =
        "{\"metadata\":{\"uid\":\""
            + lift.uid()
            + "\"},\"spec\":{\"schedulingGates\":[{\"$patch\":\"delete\",\"name\":\""
            + Labels.GATE
            + "\"}]}}";
    try {
      client
          .resource(PodAnnotations.pod(cluster, lift.pod()))
          .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch);
      lifted.put(cluster, lift.uid());
    } catch (KubernetesClientException e) {
      LOG.warn("{}: the gate of pod {} was not lifted: {}", cluster, lift.pod(), Refusal.words(e));
    }
    return Optional.empty();
  }

  /** Likewise. Who runs it reads the lines of the annotation, see released.sh. */
  private Optional<String> release(ClusterKey cluster, Action.ReleaseJobManager release) {
    if (release.uid().equals(lifted.get(cluster))) {
      return Optional.empty();
    }
    var lines = new ArrayList<String>();
    lines.add(release.uid());
    lines.add(release.restoredFrom().orElse(""));
    lines.addAll(release.directories());
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch
        .putObject("metadata")
        .put("uid", release.uid())
        .putObject("annotations")
        .put(Labels.RELEASE, String.join("\n", lines) + "\n");
    try {
      client
          .resource(PodAnnotations.pod(cluster, release.pod()))
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
      lifted.put(cluster, release.uid());
    } catch (KubernetesClientException e) {
      LOG.warn("{}: pod {} was not released: {}", cluster, release.pod(), Refusal.words(e));
    }
    return Optional.empty();
  }

  /** Only the cluster's own, whatever has its name. */
  private Optional<String> removePod(ClusterKey cluster, Action.RemoveCleanupPod done) {
    try {
      Pod pod = client.pods().inNamespace(cluster.namespace()).withName(done.pod()).get();
      if (pod != null && ObjectOwner.is(pod, cluster.uid())) {
        Removal.of(client, pod);
      }
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return FinalSavepoints.failure("the pod " + done.pod() + " was not removed", cluster, e);
    }
  }

  /** The uid is a precondition: a pod of the same name that came later is left alone. */
  private Optional<String> replace(ClusterKey cluster, Action.ReplacePod replaced) {
    Pod pod = PodAnnotations.pod(cluster, replaced.pod());
    pod.getMetadata().setUid(replaced.uid());
    try {
      Removal.of(client, pod);
    } catch (KubernetesClientException e) {
      LOG.warn("{}: pod {} was not replaced: {}", cluster, replaced.pod(), Refusal.words(e));
    }
    return Optional.empty();
  }

  private Optional<String> mark(ClusterKey cluster, Action.MarkPods marks) {
    marks.first().forEach(pod -> mark(cluster, pod, "\"" + Labels.GOES_FIRST + "\""));
    marks.others().forEach(pod -> mark(cluster, pod, "null"));
    return Optional.empty();
  }

  private void mark(ClusterKey cluster, String name, String cost) {
    var patch = "{\"metadata\":{\"annotations\":{\"" + Labels.DELETION_COST + "\":" + cost + "}}}";
    try {
      client
          .resource(PodAnnotations.pod(cluster, name))
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    } catch (KubernetesClientException e) {
      LOG.info("{}: pod {} was not marked: {}", cluster, name, Refusal.words(e));
    }
  }

  /** Asked for again and again; done once in the life of this process. */
  private Optional<String> removeHighAvailabilityData(
      ClusterKey cluster, Action.RemoveHighAvailabilityData data) {
    var ids = new HighAvailabilityIds(cluster);
    OptionalLong newest = data.clusterIds().stream().flatMapToLong(ids::epoch).max();
    if (newest.isEmpty() || cleaned.getOrDefault(cluster, 0L) >= newest.getAsLong()) {
      return Optional.empty();
    }
    try {
      client
          .configMaps()
          .inNamespace(cluster.namespace())
          .withLabel("type", "flink-native-kubernetes")
          .list()
          .getItems()
          .stream()
          .filter(c -> ids.isUpTo(ObjectOwner.labels(c).get("app"), newest.getAsLong()))
          .forEach(c -> Removal.of(client, c));
      cleaned.put(cluster, newest.getAsLong());
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return FinalSavepoints.failure(
          "the high availability data of Flink was not removed", cluster, e);
    }
  }

  /** A cluster is gone. */
  public void forget(ClusterKey cluster) {
    lifted.remove(cluster);
    cleaned.remove(cluster);
    protections.forget(cluster);
  }
}
