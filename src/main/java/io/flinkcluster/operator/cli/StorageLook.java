package io.flinkcluster.operator.cli;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Launch;
import io.flinkcluster.operator.model.ObjectOwner;
import io.flinkcluster.operator.model.Schemes;
import io.flinkcluster.operator.model.StartDirectory;
import io.flinkcluster.operator.render.LeftoversPod;
import io.flinkcluster.operator.render.OperatorIdentity;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Asks, by a pod with the identity of the job, what its starts have left in storage. */
final class StorageLook {
  private final Clusters clusters;
  private final FlinkCluster cluster;
  private final String image;
  private final PrintWriter err;

  /**
   * A look.
   *
   * @param image the operator's; null: that of its Deployment
   * @param err for warnings
   */
  StorageLook(Clusters clusters, FlinkCluster cluster, String image, PrintWriter err) {
    this.clusters = clusters;
    this.cluster = cluster;
    this.image = image;
    this.err = err;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @param age what was written since then stays
   * @param delete whether the rest is deleted
   * @param ownOnly whether other namespaces are not asked who starts from this state
   */
  List<StartDirectory> ask(Duration age, boolean delete, Duration limit, boolean ownOnly) {
    FlinkClusterStatus status = cluster.getStatus();
    if (status == null || status.launch() == null) {
      throw new Failure(ExitCode.REFUSED, name() + " has never been started: it has left nothing");
    }
    if (delete) {
      settled(status);
    }
    List<HasMetadata> objects = objects();
    CheckedCluster spec = spec(status.launch());
    String directory =
        spec.dirs()
            .checkpoints()
            .orElseThrow(
                () -> new Failure(ExitCode.REFUSED, name() + " has no directory for checkpoints"));
    StorageReferences references = StorageReferences.of(cluster, objects, others(delete, ownOnly));
    searchable(directory, spec.dirs().highAvailability(), references);
    var question =
        new LeftoversPod.Question(
            references.last(), references.starts(), references.snapshots(), age, delete, limit);
    return run(spec, status.launch(), question);
  }

  /** A snapshot that cannot be read may need any directory. */
  private static void searchable(
      String checkpoints, Optional<String> recovery, StorageReferences references) {
    var paths = new ArrayList<>(references.snapshots());
    paths.add(checkpoints);
    recovery.ifPresent(paths::add);
    paths.removeIf(Schemes::searchable);
    if (!paths.isEmpty()) {
      throw new Failure(
          ExitCode.REFUSED,
          paths.get(0) + " cannot be looked at: only s3:// and mounted volumes (file:) can");
    }
  }

  private String name() {
    return cluster.getMetadata().getName();
  }

  private KubernetesClient client() {
    return clusters.client();
  }

  /** What is about to become a restore point may not be named anywhere yet. */
  private void settled(FlinkClusterStatus status) {
    if (cluster.getMetadata().getDeletionTimestamp() != null) {
      throw new Failure(ExitCode.REFUSED, name() + " is being deleted");
    }
    if (status.operation() != null || NextStep.unseen(cluster)) {
      throw new Failure(
          ExitCode.REFUSED,
          "an operation is under way, or about to begin: nothing is deleted meanwhile; see kubectl"
              + " flinkcluster status "
              + name()
              + ", and try again when it has ended");
    }
  }

  private List<HasMetadata> objects() {
    var meta = cluster.getMetadata();
    var all = new ArrayList<HasMetadata>();
    all.addAll(
        client()
            .configMaps()
            .inNamespace(meta.getNamespace())
            .withLabel(Labels.CLUSTER, meta.getName())
            .list()
            .getItems());
    all.addAll(
        client()
            .apps()
            .deployments()
            .inNamespace(meta.getNamespace())
            .withLabel(Labels.CLUSTER, meta.getName())
            .list()
            .getItems());
    all.removeIf(object -> !ObjectOwner.is(object, meta.getUid()));
    return all;
  }

  private CheckedCluster spec(LaunchStatus launch) {
    return Optional.ofNullable(clusters.launched(cluster).get(launch.epoch()))
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.REFUSED,
                    "the ConfigMap of start "
                        + launch.epoch()
                        + " is gone or cannot be read: where its state lies is not known. Where"
                        + " the cluster is suspended, resume it first"));
  }

  /** Every FlinkCluster but this. */
  private List<FlinkCluster> others(boolean delete, boolean ownOnly) {
    List<FlinkCluster> known = clusters.list();
    if (!ownOnly) {
      var all = Answer.ask(() -> client().resources(FlinkCluster.class).inAnyNamespace().list());
      if (all.allowed()) {
        known = all.value().getItems();
      } else if (delete) {
        throw new Failure(
            ExitCode.REFUSED,
            "you may not list the FlinkClusters of all namespaces: whether one of them starts from"
                + " this state is not known, and nothing is deleted. Ask somebody who may, or, where"
                + " you know that none does, add --own-namespace-only");
      } else {
        err.println("FlinkClusters of other namespaces were not asked: you may not list them");
      }
    }
    String uid = cluster.getMetadata().getUid();
    return known.stream().filter(c -> !uid.equals(c.getMetadata().getUid())).toList();
  }

  /** What the pod runs. */
  private String image() {
    if (image != null) {
      return image;
    }
    Answer<List<Deployment>> operators = clusters.operators();
    List<Deployment> found = operators.allowed() ? operators.value() : List.of();
    return found.stream()
        .flatMap(d -> d.getSpec().getTemplate().getSpec().getContainers().stream())
        .map(container -> container.getImage())
        .findFirst()
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.REFUSED,
                    "the operator's Deployment is not found, or you may not list it: name its image"
                        + " by --image"));
  }

  // --- the pod ---

  private List<StartDirectory> run(
      CheckedCluster spec, LaunchStatus launch, LeftoversPod.Question question) {
    var identity = new OperatorIdentity("", Map.of(), image());
    var start = new Launch(launch.epoch(), Optional.ofNullable(launch.jobId()), Optional.empty());
    String podName = name() + "-storage-" + UUID.randomUUID().toString().substring(0, 5);
    Pod pod = LeftoversPod.of(podName, spec, start, question, identity);
    pod.getMetadata()
        .setOwnerReferences(
            List.of(
                new OwnerReferenceBuilder()
                    .withApiVersion(cluster.getApiVersion())
                    .withKind(cluster.getKind())
                    .withName(name())
                    .withUid(cluster.getMetadata().getUid())
                    .build()));
    var pods = client().pods().inNamespace(cluster.getMetadata().getNamespace());
    pods.resource(pod).create();
    var made = pods.withName(podName);
    try {
      Pod ended =
          made.waitUntilCondition(
              p -> p == null || phase(p).equals("Succeeded") || phase(p).equals("Failed"),
              question.limit().toMillis(),
              TimeUnit.MILLISECONDS);
      if (ended == null) {
        throw new Failure(ExitCode.FAILED, "somebody has deleted the pod " + podName);
      }
      List<StartDirectory> found = StartDirectory.parse(made.getLog());
      if (!phase(ended).equals("Succeeded")) {
        found.stream()
            .filter(StartDirectory::deleted)
            .forEach(d -> err.println("deleted: " + d.path()));
        throw new Failure(ExitCode.FAILED, why(ended));
      }
      return found;
    } catch (KubernetesClientTimeoutException e) {
      throw new Failure(
          ExitCode.TIMED_OUT,
          "the pod "
              + podName
              + " has not ended after --timeout, and is removed: "
              + state(made.get()));
    } finally {
      made.withGracePeriod(0).delete();
    }
  }

  private static String phase(Pod pod) {
    return pod.getStatus() == null || pod.getStatus().getPhase() == null
        ? ""
        : pod.getStatus().getPhase();
  }

  private static String why(Pod pod) {
    return pod.getStatus().getContainerStatuses().stream()
        .map(c -> c.getState().getTerminated())
        .filter(t -> t != null && t.getMessage() != null)
        .map(ContainerStateTerminated::getMessage)
        .map(String::strip)
        .findFirst()
        .orElseGet(() -> "the pod that looked has failed: " + state(pod));
  }

  private static String state(Pod pod) {
    if (pod == null) {
      return "it is gone";
    }
    return Stream.concat(
            pod.getStatus().getConditions().stream()
                .filter(c -> "False".equals(c.getStatus()) && c.getMessage() != null)
                .map(c -> c.getMessage()),
            pod.getStatus().getContainerStatuses().stream()
                .map(c -> c.getState().getWaiting())
                .filter(w -> w != null)
                .map(w -> w.getReason() + (w.getMessage() == null ? "" : ": " + w.getMessage())))
        .reduce((first, last) -> last)
        .orElse(
            phase(pod)
                + (pod.getStatus().getReason() == null ? "" : ", " + pod.getStatus().getReason()));
  }
}
