package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.apply.Disposals;
import io.flinkcluster.operator.apply.ManagedKinds;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.observe.FlinkPoller;
import io.flinkcluster.operator.observe.PodTransform;
import io.flinkcluster.operator.observe.References;
import io.flinkcluster.operator.observe.Target;
import io.flinkcluster.operator.observe.WorldObserver;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the reconciler hears and looks: informers by label, and the poller of the JobManagers. */
final class Sources implements AutoCloseable {
  private static final int LONGEST_TOKEN = 256;

  private final SimpleInboundEventSource<FlinkCluster> flinkNews =
      new SimpleInboundEventSource<>("flink");
  private final KubernetesClient client;
  private final FlinkPoller poller;
  private final WorldObserver observer;
  private final Disposals disposals;
  private final References references;
  private volatile boolean stopping;

  Sources(KubernetesClient client, FlinkRest rest, Clock clock) {
    this.client = client;
    this.poller = new FlinkPoller(rest, clock, this::tell);
    this.disposals = new Disposals(rest, clock, this::tell);
    this.observer = new WorldObserver(client, clock, poller::latest);
    this.references = new References(client);
  }

  private void tell(ClusterKey key) {
    flinkNews.propagateEvent(new ResourceID(key.name(), key.namespace()));
  }

  Disposals disposals() {
    return disposals;
  }

  List<EventSource<?, FlinkCluster>> prepare(EventSourceContext<FlinkCluster> context) {
    var all = new ArrayList<EventSource<?, FlinkCluster>>();
    all.add(flinkNews);
    ManagedKinds.KINDS.forEach(
        kind -> all.add(new InformerEventSource<>(informer(kind).build(), context)));
    var served = context.getControllerConfiguration().getInformerConfig();
    if (served.watchAllNamespaces()) {
      all.add(new InformerEventSource<>(pods().build(), context));
    } else {
      for (String namespace : served.getNamespaces()) {
        var pods = pods().withName("Pod." + namespace).withNamespaces(namespace);
        all.add(new InformerEventSource<>(pods.build(), context));
      }
    }
    return all;
  }

  /**
   * With a store of its own, which one namespace or all of them may use: the SDK gives it to the
   * informer of each namespace, and each drops what it did not list itself (JOSDK 5.3.2).
   */
  private InformerEventSourceConfiguration.Builder<Pod> pods() {
    return informer(Pod.class).withItemStore(new TransformingItemStore<Pod>(PodTransform::trim));
  }

  private <R extends HasMetadata> InformerEventSourceConfiguration.Builder<R> informer(
      Class<R> kind) {
    return InformerEventSourceConfiguration.from(kind, FlinkCluster.class)
        .withName(kind.getSimpleName())
        .withKubernetesClient(client)
        .withLabelSelector(Labels.MANAGED_BY + "=" + Labels.OPERATOR)
        .withNamespacesInheritedFromController()
        .withInformerListLimit(500L)
        .withSecondaryToPrimaryMapper(Sources::owner);
  }

  private static Set<ResourceID> owner(HasMetadata child) {
    var meta = child.getMetadata();
    String name = meta.getLabels() == null ? null : meta.getLabels().get(Labels.CLUSTER);
    return name == null ? Set.of() : Set.of(new ResourceID(name, meta.getNamespace()));
  }

  Situation situation(FlinkCluster cluster, Context<FlinkCluster> context, Admission admission) {
    var meta = cluster.getMetadata();
    var names = new ClusterNames(meta.getNamespace(), meta.getName());
    RecordedState recorded = RecordedState.of(cluster.getStatus());
    var situation =
        new Situation(
            names,
            meta.getUid(),
            meta.getGeneration() == null ? 0 : meta.getGeneration(),
            admission,
            LaunchedSpecs.read(cluster, context.getSecondaryResources(ConfigMap.class)),
            recorded,
            observer
                .look(
                    names,
                    meta.getUid(),
                    context,
                    stopping(recorded),
                    beforeFirstStart(recorded, admission))
                .withAbsent(absent(names, recorded, admission))
                .with(disposals.seen(new ClusterKey(names.namespace(), names.name()))),
            wishes(cluster),
            List.of());
    if (stopping) {
      throw new Failures.Stopping(); // asked after the look: before it would prove nothing
    }
    return situation;
  }

  void stopping() {
    stopping = true;
  }

  /** The epoch that is waiting for all earlier JobManagers to be gone. */
  private static Optional<Long> stopping(RecordedState recorded) {
    return recorded
        .operation()
        .filter(o -> o.stage() == OperationStage.Stopping)
        .map(OperationStatus::epoch)
        .or(
            () ->
                recorded
                    .operation()
                    .filter(o -> o.stage() == OperationStage.Stopping)
                    .map(o -> Long.MAX_VALUE));
  }

  /** Whether nothing was ever started and the first start with state may follow. */
  private static boolean beforeFirstStart(RecordedState recorded, Admission admission) {
    return recorded.launch().isEmpty()
        && recorded.operation().isEmpty()
        && admission instanceof Admission.Accepted accepted
        && accepted.cluster().stateful()
        && !accepted.cluster().spec().suspend();
  }

  /** Asked only where a start of the wanted spec would be the next that happens. */
  private Optional<String> absent(ClusterNames names, RecordedState recorded, Admission admission) {
    boolean underWay =
        recorded.operation().filter(o -> o.stage() != OperationStage.Planned).isPresent();
    if (underWay || !(admission instanceof Admission.Accepted accepted)) {
      return Optional.empty();
    }
    CheckedCluster wanted = accepted.cluster();
    boolean runs =
        recorded
            .launch()
            .filter(l -> l.stoppedAt() == null && l.fingerprint().equals(wanted.fingerprint()))
            .isPresent();
    return wanted.spec().suspend() || runs
        ? Optional.empty()
        : Optional.ofNullable(wanted.spec().hadoopConf())
            .flatMap(hadoop -> references.absent(names.namespace(), hadoop));
  }

  private static Situation.Wishes wishes(FlinkCluster cluster) {
    Map<String, String> annotations =
        cluster.getMetadata().getAnnotations() == null
            ? Map.of()
            : cluster.getMetadata().getAnnotations();
    return new Situation.Wishes(
        "true".equals(annotations.get(Labels.PLAN)),
        token(annotations.get(Labels.SAVEPOINT)),
        token(annotations.get(Labels.RESTART)),
        cluster.getMetadata().getDeletionTimestamp() != null);
  }

  /** Cut to what the trigger of an operation can hold; empty where there is none. */
  private static Optional<String> token(String value) {
    return Optional.ofNullable(value)
        .filter(t -> !t.isBlank())
        .map(t -> t.substring(0, Math.min(t.length(), LONGEST_TOKEN)));
  }

  /** Where the JobManager of the current start listens; empty while none runs. */
  Optional<Address> address(Situation situation) {
    return situation.recorded().launch().flatMap(l -> address(situation, l));
  }

  private static Optional<Address> address(Situation s, LaunchStatus launch) {
    return s.spec(launch.epoch(), launch.fingerprint())
        .flatMap(
            spec ->
                s.seen()
                    .runningJobManager(launch.epoch())
                    .map(ip -> new Address(ip, spec.ports().rest())));
  }

  /** Asks the JobManager of the current start from now on about what matters now. */
  void follow(Situation situation, Decision decision) {
    var key = new ClusterKey(situation.names().namespace(), situation.names().name());
    disposals.retain(key, decision.recorded().disposing());
    Optional<LaunchStatus> launch = decision.recorded().launch().filter(l -> l.stoppedAt() == null);
    Optional<Address> address = launch.flatMap(l -> address(situation, l));
    if (address.isEmpty()) {
      poller.forget(key);
      return;
    }
    Optional<String> trigger =
        decision
            .recorded()
            .operation()
            .filter(
                o ->
                    o.stage() == OperationStage.Savepointing
                        || o.stage() == OperationStage.AwaitingJobEnd)
            .map(OperationStatus::triggerId);
    boolean adaptive =
        situation
            .spec(launch.get().epoch(), launch.get().fingerprint())
            .filter(CheckedCluster::adaptive)
            .isPresent();
    poller.watch(
        key,
        new Target(
            launch.get().epoch(),
            address.get(),
            Optional.ofNullable(launch.get().jobId()),
            trigger,
            pace(decision),
            adaptive));
  }

  private static Target.Pace pace(Decision decision) {
    Optional<OperationStatus> operation = decision.recorded().operation();
    boolean ending = operation.filter(o -> o.stage() == OperationStage.AwaitingJobEnd).isPresent();
    if (ending) {
      return Target.Pace.FASTEST; // for 10 s at most
    }
    return operation.isPresent() || !decision.findings().isEmpty()
        ? Target.Pace.FAST
        : Target.Pace.SLOW;
  }

  void forget(FlinkCluster cluster) {
    var key = new ClusterKey(cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
    poller.forget(key);
    disposals.retain(key, Set.of());
  }

  @Override
  public void close() {
    poller.close();
  }
}
