package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.apply.ActionRunner;
import io.flinkcluster.operator.apply.EarlierLabels;
import io.flinkcluster.operator.apply.OrphanSweep;
import io.flinkcluster.operator.decide.Decider;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.flinkconf.DefaultOptions;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.model.CachedObjects;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.FlinkObservation;
import io.flinkcluster.operator.observe.FlinkPoller;
import io.flinkcluster.operator.render.OperatorIdentity;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

/**
 * One reconcile is one straight walk: admit, observe, decide, render, apply, report. What a
 * decision rests on is written down before anything is done; then the walk begins anew with what
 * was written.
 */
public final class FlinkClusterReconciler
    implements Reconciler<FlinkCluster>, Cleaner<FlinkCluster>, AutoCloseable {
  /** Intents that may follow one another within one reconcile before it yields its thread. */
  private static final int ROUNDS = 8;

  private static final Duration AT_REST = Duration.ofMillis(30);

  private final Sources sources;
  private final Function<Situation, Decision> decider;
  private final Derivations derivations;
  private final ChildObjects children;
  private final ActionRunner steps;
  private final NewestStatus newest;
  private final ProgressPace progress;
  private final RemarkPace remarks;
  private final StatusWriter recorder;
  private final DefaultOptions defaults;
  private final OrphanSweep orphans;
  private final EarlierLabels earlierLabels;
  private final Conflicts conflicts = new Conflicts();
  private final Sweeping sweeping = new Sweeping(this::sweep);

  /** Clusters of which something is remembered in this process. */
  private final Set<ClusterKey> remembered = ConcurrentHashMap.newKeySet();

  /** How many clusters share what the operator may cost. */
  private final IntSupplier clusters;

  private volatile Cache<FlinkCluster> cache;

  /**
   * A reconciler.
   *
   * @param client for what is not cached: live reads, steps, events
   * @param rest speaks to JobManagers
   * @param operator where the operator's own pods are
   */
  public FlinkClusterReconciler(
      KubernetesClient client, FlinkRest rest, OperatorIdentity operator, Clock clock) {
    this(client, rest, operator, DefaultOptions.NONE, StatusListener.NONE, clock);
  }

  /**
   * As the other one, with options of Flink for clusters that say nothing else.
   *
   * @param defaults taken by the next start of a cluster; what runs keeps those it was started with
   * @param listener told of what is written into statuses
   */
  public FlinkClusterReconciler(
      KubernetesClient client,
      FlinkRest rest,
      OperatorIdentity operator,
      DefaultOptions defaults,
      StatusListener listener,
      Clock clock) {
    this(
        client,
        rest,
        new Sources(client, rest, clock, FlinkPoller.timer(), Derivations.PLAIN),
        Decider::decide,
        Derivations.PLAIN,
        operator,
        defaults,
        listener,
        clock,
        IntUnaryOperator.identity());
  }

  /**
   * Hears and decides by these; the sources are closed with it.
   *
   * @param counted as how many clusters so many count where they share what they may cost
   */
  FlinkClusterReconciler(
      KubernetesClient client,
      FlinkRest rest,
      Sources sources,
      Function<Situation, Decision> decider,
      Derivations derivations,
      OperatorIdentity operator,
      DefaultOptions defaults,
      StatusListener listener,
      Clock clock,
      IntUnaryOperator counted) {
    this.clusters = () -> counted.applyAsInt(remembered.size());
    this.defaults = defaults;
    this.sources = sources;
    this.decider = decider;
    this.derivations = derivations;
    this.steps = new ActionRunner(client, rest, sources.disposals());
    this.newest = new NewestStatus(client);
    this.progress = new ProgressPace(clusters, clock);
    this.remarks = new RemarkPace(clusters, clock);
    this.recorder = new StatusWriter(client, listener, newest, progress, remarks);
    this.children = new ChildObjects(client, derivations, operator);
    this.orphans = new OrphanSweep(client, clock);
    this.earlierLabels = new EarlierLabels(client);
  }

  @Override
  public List<EventSource<?, FlinkCluster>> prepareEventSources(
      EventSourceContext<FlinkCluster> context) {
    cache = context.getPrimaryCache();
    return sources.prepare(context);
  }

  /** All FlinkClusters as they were last heard of; none before the operator has started. */
  public List<FlinkCluster> clusters() {
    return cache == null ? List.of() : cache.list().toList();
  }

  /** That of a look at the cluster of this name, as it was last heard of. */
  public Urgency urgency(String namespace, String name) {
    return Urgency.of(
        cache == null ? null : cache.get(new ResourceID(name, namespace)).orElse(null));
  }

  /** The last look at the JobManager of a cluster's present start; empty: none yet. */
  public Optional<FlinkObservation> seen(FlinkCluster cluster) {
    return sources.seen(cluster);
  }

  @Override
  public UpdateControl<FlinkCluster> reconcile(
      FlinkCluster cluster, Context<FlinkCluster> context) {
    var decision = Failures.guard(() -> reconcileOnce(cluster, context));
    Duration again = conflicts.next(Sources.key(cluster), decision.isEmpty());
    return UpdateControl.<FlinkCluster>noUpdate()
        .rescheduleAfter(decision.map(d -> next(cluster, d)).orElse(again));
  }

  @Override
  public DeleteControl cleanup(FlinkCluster cluster, Context<FlinkCluster> context) {
    var decision = Failures.guard(() -> reconcileOnce(cluster, context));
    Duration again = conflicts.next(Sources.key(cluster), decision.isEmpty());
    if (decision.filter(Decision::gone).isPresent()) {
      forget(Sources.key(cluster));
      return DeleteControl.defaultDelete();
    }
    return DeleteControl.noFinalizerRemoval()
        .rescheduleAfter(decision.map(Decision::lookAgain).orElse(again).toMillis());
  }

  /** From now on jobs are moved from nodes that are about to go; needs rights on nodes. */
  public void watchNodes() {
    sources.watchNodes();
  }

  /** This process acts: from now on it looks for what belongs to no FlinkCluster. */
  public void leads() {
    sweeping.begin();
  }

  private void sweep() {
    Set<ClusterKey> known =
        clusters().stream().map(Sources::key).collect(Collectors.toUnmodifiableSet());
    // Those whose finalizer was removed by hand were never seen to go.
    remembered.stream().filter(key -> !known.contains(key)).forEach(this::forget);
    orphans.sweep(sources.managed().map(earlierLabels::removedFrom), known::contains);
  }

  private void forget(ClusterKey key) {
    remembered.remove(key);
    conflicts.forget(key);
    newest.forget(key);
    progress.forget(key);
    remarks.forget(key);
    sources.forget(key);
    steps.forget(key);
    children.forget(key);
  }

  private Decision reconcileOnce(FlinkCluster read, Context<FlinkCluster> context) {
    remembered.add(Sources.key(read));
    FlinkCluster cluster = read;
    Situation situation = null;
    Decision decision = null;
    for (int round = 0; round < ROUNDS; round++) {
      var admission = derivations.admission(cluster, defaults);
      CachedObjects cached = Sources.cached(context);
      if (round == 0 && Sources.hasLeftovers(read, cached)) {
        sweeping.soon();
      }
      situation = sources.situation(cluster, cached, admission);
      decision = decider.apply(situation);
      var pass = new Reconciliation(cluster, context, situation);
      if (pass.paused()) {
        recorder.report(pass, pass.keepingRecorded(decision));
        break;
      }
      if (!decision.recorded().equals(situation.recorded())) {
        Duration left = recorder.mayWait(pass, decision);
        if (left.isZero()) {
          cluster = recorder.record(pass, decision);
          continue;
        }
        decision = decision.recorded(situation.recorded());
      }
      FlinkCluster basis = cluster;
      Runnable confirmed = () -> newest.confirm(basis);
      List<String> refusals = children.apply(pass, cached, decision, confirmed);
      if (!refusals.isEmpty()) {
        decision =
            Reconciliation.telling(decider.apply(situation.withRefusals(refusals)), refusals);
      }
      if (!decision.recorded().equals(situation.recorded())) {
        cluster = recorder.record(pass, decision);
        continue;
      }
      if (decision.gone() || !decision.actions().isEmpty()) {
        confirmed.run();
      }
      List<String> failures =
          steps.run(
              Sources.key(cluster),
              sources.address(situation),
              pass.childMetadata(),
              decision.actions());
      if (decision.gone() && !failures.isEmpty()) {
        decision = decider.apply(situation.withRefusals(failures));
      }
      decision = recorder.report(pass, decision);
      break;
    }
    sources.follow(cluster, situation, decision);
    return decision;
  }

  /**
   * Spread over a tenth, so that clusters that were started together are not looked at together. At
   * rest all of them together are looked at 33 times a second at most: what changes is heard of.
   */
  private Duration next(FlinkCluster cluster, Decision decision) {
    Duration turn = AT_REST.multipliedBy(clusters.getAsInt());
    Duration next = decision.lookAgain();
    if (decision.atRest() && turn.compareTo(next) > 0) {
      next = turn;
    }
    int share = Math.floorMod(cluster.getMetadata().getUid().hashCode(), 100);
    return next.plus(next.multipliedBy(share).dividedBy(1000));
  }

  /**
   * To be called before the SDK is stopped. It empties its caches (5.3.2) while reconciles still
   * run: to those every JobManager would seem to be lost, and every object gone.
   */
  public void stopping() {
    sweeping.close();
    sources.stopping();
  }

  @Override
  public void close() {
    sources.close();
  }
}
