package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.apply.Disposals;
import io.flinkcluster.operator.apply.ManagedKinds;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CachedObjects;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import io.flinkcluster.operator.model.Observation;
import io.flinkcluster.operator.observe.CompactStore;
import io.flinkcluster.operator.observe.FlinkPoller;
import io.flinkcluster.operator.observe.NodeWatch;
import io.flinkcluster.operator.observe.PodTransform;
import io.flinkcluster.operator.observe.References;
import io.flinkcluster.operator.observe.WorldObserver;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Where the reconciler hears and looks: informers by label, and the poller of the JobManagers. */
final class Sources implements AutoCloseable {
  private final SimpleInboundEventSource<FlinkCluster> flinkNews =
      new SimpleInboundEventSource<>("flink");
  private final KubernetesClient client;
  private final FlinkPoller poller;
  private final WorldObserver observer;
  private final Disposals disposals;
  private final References references;
  private final Derivations derivations;
  private final Clock clock;
  private final List<CompactStore<? extends HasMetadata>> stores = new CopyOnWriteArrayList<>();
  private volatile Optional<NodeWatch> nodes = Optional.empty();
  private volatile boolean stopping;

  /** The timer is shut down with the sources. */
  Sources(
      KubernetesClient client,
      FlinkRest rest,
      Clock clock,
      ScheduledExecutorService timer,
      Derivations derivations) {
    this.client = client;
    this.derivations = derivations;
    this.clock = clock;
    this.poller = new FlinkPoller(rest, clock, this::tell, timer);
    this.disposals = new Disposals(rest, clock, this::tell, timer);
    this.observer = new WorldObserver(client, clock, poller::latest);
    this.references = new References(client);
  }

  private void tell(ClusterKey key) {
    flinkNews.propagateEvent(new ResourceID(key.name(), key.namespace()));
  }

  /** Says that something was heard of Flink. */
  SimpleInboundEventSource<FlinkCluster> flinkNews() {
    return flinkNews;
  }

  void watchNodes() {
    nodes = Optional.of(NodeWatch.begin(client, this::tell));
  }

  Disposals disposals() {
    return disposals;
  }

  List<EventSource<?, FlinkCluster>> prepare(EventSourceContext<FlinkCluster> context) {
    var served = context.getControllerConfiguration().getInformerConfig();
    var all = new ArrayList<EventSource<?, FlinkCluster>>();
    for (Class<? extends HasMetadata> kind : ManagedKinds.WATCHED) {
      if (served.watchAllNamespaces()) {
        all.add(new InformerEventSource<>(informer(kind).build(), context));
      } else {
        for (String namespace : served.getNamespaces()) {
          var one =
              informer(kind)
                  .withName(kind.getSimpleName() + "." + namespace)
                  .withNamespaces(namespace);
          all.add(new InformerEventSource<>(one.build(), context));
        }
      }
    }
    all.add(flinkNews);
    return all;
  }

  /**
   * What the operator has made, whether its FlinkCluster exists or not, as the caches say; of the
   * pods only those that nothing else would remove. Each is made when it is its turn: all of them
   * together may be too much for the memory.
   */
  Stream<HasMetadata> managed() {
    return stores.stream()
        .flatMap(CompactStore::whole)
        .map(HasMetadata.class::cast)
        .filter(Sources::removable);
  }

  private static boolean removable(HasMetadata object) {
    return !(object instanceof Pod) || object.getMetadata().getOwnerReferences().isEmpty();
  }

  /** Whether an earlier cluster of the same name has left something that nobody removes yet. */
  static boolean hasLeftovers(FlinkCluster cluster, CachedObjects cached) {
    String uid = cluster.getMetadata().getUid();
    return ManagedKinds.KINDS.stream()
        .flatMap(kind -> cached.of(kind).stream())
        .filter(o -> o.getMetadata().getDeletionTimestamp() == null)
        .flatMap(o -> ObjectOwner.uid(o).stream())
        .anyMatch(other -> !other.equals(uid));
  }

  private <R extends HasMetadata> InformerEventSourceConfiguration.Builder<R> informer(
      Class<R> kind) {
    UnaryOperator<R> trim = o -> o instanceof Pod pod ? kind.cast(PodTransform.trim(pod)) : o;
    var store = new CompactStore<>(kind, client.getKubernetesSerialization(), trim);
    stores.add(store);
    return InformerEventSourceConfiguration.from(kind, FlinkCluster.class)
        .withItemStore(store)
        .withName(kind.getSimpleName())
        .withKubernetesClient(client)
        .withLabelSelector(Labels.MANAGED_BY + "=" + Labels.OPERATOR)
        .withNamespacesInheritedFromController()
        .withInformerListLimit(500L)
        .withSecondaryToPrimaryMapper(Sources::owner);
  }

  /** What the caches hold under the name of the cluster that is reconciled, at this moment. */
  static CachedObjects cached(Context<FlinkCluster> context) {
    CachedObjects changing = context::getSecondaryResources;
    return changing.asOfNow(ManagedKinds.WATCHED);
  }

  private static Set<ResourceID> owner(HasMetadata child) {
    var meta = child.getMetadata();
    String name = meta.getLabels() == null ? null : meta.getLabels().get(Labels.CLUSTER);
    return name == null ? Set.of() : Set.of(new ResourceID(name, meta.getNamespace()));
  }

  /** What is the case, as far as the caches say: by this view of them. */
  Situation situation(FlinkCluster cluster, CachedObjects cached, Admission admission) {
    var meta = cluster.getMetadata();
    var names = new ClusterNames(meta.getNamespace(), meta.getName());
    RecordedState recorded = RecordedState.of(cluster.getStatus());
    Observation seen = seen(cluster, names, cached, recorded, admission);
    var situation =
        new Situation(
            names,
            meta.getUid(),
            meta.getGeneration() == null ? 0 : meta.getGeneration(),
            admission,
            derivations.launched(cluster, cached.of(ConfigMap.class)),
            recorded,
            seen,
            ObservationRequests.wishes(meta),
            List.of());
    if (stopping) {
      throw new Failures.Stopping(); // asked after the look: before it would prove nothing
    }
    return situation;
  }

  private Observation seen(
      FlinkCluster cluster,
      ClusterNames names,
      CachedObjects cached,
      RecordedState recorded,
      Admission admission) {
    var meta = cluster.getMetadata();
    Observation seen =
        observer
            .look(
                names,
                meta.getUid(),
                cached,
                ObservationRequests.live(recorded, admission, meta, clock.instant()))
            .withAbsent(
                ObservationRequests.reference(recorded, admission)
                    .flatMap(hadoop -> references.absent(names.namespace(), hadoop)))
            .with(disposals.seen(key(cluster)));
    return nodes
        .map(watch -> seen.withLeavingNodes(watch.leaving(key(cluster), seen.pods())))
        .orElse(seen);
  }

  void stopping() {
    stopping = true;
  }

  static ClusterKey key(FlinkCluster cluster) {
    var meta = cluster.getMetadata();
    return new ClusterKey(meta.getNamespace(), meta.getName(), meta.getUid());
  }

  /** Where the JobManager of the current start listens; empty while none runs. */
  Optional<Address> address(Situation situation) {
    return situation.recorded().launch().flatMap(l -> ObservationRequests.address(situation, l));
  }

  /** Asks the JobManager of the current start from now on about what matters now. */
  void follow(FlinkCluster cluster, Situation situation, Decision decision) {
    ClusterKey key = key(cluster);
    disposals.retain(key, decision.recorded().disposing());
    ObservationRequests.target(situation, decision)
        .ifPresentOrElse(target -> poller.watch(key, target), () -> poller.forget(key));
  }

  /** What the JobManager of the present start said last; empty: nothing yet. */
  Optional<FlinkObservation> seen(FlinkCluster cluster) {
    return poller.latest(key(cluster));
  }

  /** A cluster is gone: by its uid, since there may be another of its name already. */
  void forget(ClusterKey key) {
    poller.forget(key);
    disposals.retain(key, Set.of());
    observer.forget(key.uid());
    nodes.ifPresent(watch -> watch.forget(key));
  }

  @Override
  public void close() {
    nodes.ifPresent(NodeWatch::close);
    poller.close();
  }
}
