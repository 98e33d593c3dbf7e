package io.flinkcluster.operator.apply;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.FinalSavepoint;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.ObjectOwner;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is left of FlinkClusters that do not exist any more: their finalizer was removed by
 * hand, and their Deployments would run for ever. Never the ConfigMap that remembers a final
 * savepoint, nor Flink's own high availability data: by these the state can still be found.
 */
public final class OrphanSweep {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanSweep.class);

  /** Flink 1.20 knows the second one only. */
  private static final Pattern CHECKPOINTS =
      Pattern.compile(
          "(?m)^(?:execution\\.checkpointing|state\\.checkpoints)\\.dir: \"?([^\"\n]+)");

  private final KubernetesClient client;
  private final EventPublisher events;
  private final Clock clock;

  /**
   * A sweep.
   *
   * @param client for live reads of FlinkClusters, for deletions and events
   */
  public OrphanSweep(KubernetesClient client, Clock clock) {
    this.client = client;
    this.events = new EventPublisher(client);
    this.clock = clock;
  }

  /**
   * Removes what belongs to no FlinkCluster. Of one that is not known the API server is asked, so
   * that nothing is asked where every object has its cluster.
   *
   * @param managed objects with the operator's labels; those without a uid are left alone
   * @param known whether a FlinkCluster exists as far as is known; a no is checked
   */
  public void sweep(Stream<? extends HasMetadata> managed, Predicate<ClusterKey> known) {
    Map<ClusterKey, List<HasMetadata>> suspects =
        managed
            .filter(o -> o.getMetadata().getDeletionTimestamp() == null)
            .filter(o -> key(o).filter(key -> !known.test(key)).isPresent())
            .collect(Collectors.groupingBy(o -> key(o).orElseThrow()));
    suspects.forEach(
        (key, objects) -> {
          try {
            if (!exists(key)) {
              remove(key, objects);
            }
          } catch (KubernetesClientException e) {
            LOG.warn("{}: it was not found out whether it exists: {}", key, Refusal.words(e));
          }
        });
  }

  private static Optional<ClusterKey> key(HasMetadata object) {
    String namespace = object.getMetadata().getNamespace();
    return ObjectOwner.cluster(object)
        .flatMap(name -> ObjectOwner.uid(object).map(uid -> new ClusterKey(namespace, name, uid)));
  }

  /**
   * By a list: where FlinkClusters are not served at all, for a moment or for ever, that fails,
   * while a single one would seem not to exist.
   */
  private boolean exists(ClusterKey key) {
    return client
        .resources(FlinkCluster.class)
        .inNamespace(key.namespace())
        .withField("metadata.name", key.name())
        .list()
        .getItems()
        .stream()
        .anyMatch(c -> key.uid().equals(c.getMetadata().getUid()));
  }

  private void remove(ClusterKey key, List<HasMetadata> objects) {
    String why =
        "the FlinkCluster "
            + key.name()
            + " (uid "
            + key.uid()
            + ") that this was made for does not exist any more"
            + state(key, objects);
    LOG.warn("{}: {}; {} objects are removed", key, why, objects.size());
    objects.stream()
        .sorted(
            Comparator.comparingInt(OrphanSweep::rank)
                .thenComparing(o -> o.getMetadata().getName())) // the JobManager first
        .forEach(object -> remove(key, object, why));
  }

  private static int rank(HasMetadata object) {
    int place = ManagedKinds.REMOVED.indexOf(object.getClass());
    return place < 0 ? ManagedKinds.REMOVED.size() : place;
  }

  private void remove(ClusterKey key, HasMetadata object, String why) {
    String name = object.getKind() + " " + object.getMetadata().getName();
    try {
      Removal.of(client, object);
      LOG.warn("{}: {} is removed", key, name);
      events.publish(object, Map.of(), true, Reason.OrphanRemoved, why, key.uid(), clock.instant());
    } catch (KubernetesClientException e) {
      LOG.warn("{}: {} was not removed: {}", key, name, Refusal.words(e));
    }
  }

  /** Where the newest state lies that is known from here. */
  private String state(ClusterKey key, List<HasMetadata> objects) {
    var names = new ClusterNames(key.namespace(), key.name());
    ConfigMap memory =
        client.configMaps().inNamespace(key.namespace()).withName(names.finalSavepoint()).get();
    Optional<FinalSavepoint> left = Optional.ofNullable(memory).flatMap(FinalSavepoint::read);
    if (left.isPresent()) {
      return "; its final savepoint is " + left.get().path();
    }
    return objects.stream()
        .filter(ConfigMap.class::isInstance)
        .map(ConfigMap.class::cast)
        .filter(c -> ObjectOwner.epoch(c).isPresent() && c.getData() != null)
        .max(Comparator.comparingLong(c -> ObjectOwner.epoch(c).getAsLong()))
        .flatMap(c -> checkpoints(key, c))
        .map(
            directory ->
                "; the checkpoints of its last job are in "
                    + directory
                    + ": to continue from them set job.initialSavepoint of a new FlinkCluster to"
                    + " the newest that is complete (it holds a _metadata file)")
        .orElse("");
  }

  private static Optional<String> checkpoints(ClusterKey key, ConfigMap config) {
    Matcher directory = CHECKPOINTS.matcher(config.getData().getOrDefault("config.yaml", ""));
    return directory.find()
        ? Optional.of(
            directory.group(1) + "/" + Ids.jobId(key.uid(), ObjectOwner.epoch(config).getAsLong()))
        : Optional.empty();
  }
}
