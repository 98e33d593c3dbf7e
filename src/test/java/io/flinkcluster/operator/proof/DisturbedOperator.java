package io.flinkcluster.operator.proof;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.flinkcluster.operator.Clients;
import io.flinkcluster.operator.OperatorFactory;
import io.flinkcluster.operator.OperatorSettings;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.flinkrest.Address;
import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.flinkrest.HttpFlinkRest;
import io.flinkcluster.operator.flinkrest.RemoteFailure;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.reconcile.FlinkClusterReconciler;
import io.flinkcluster.operator.render.OperatorIdentity;
import io.flinkcluster.operator.simulation.Fate;
import io.flinkcluster.operator.testcluster.Serializations;
import io.flinkcluster.operator.testcluster.TestNamespace;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The whole operator as it is in production, clients and SDK included, for one namespace; behind a
 * proxy of its own and with the rights of the chart's. What it calls is recorded, and any call may
 * kill it.
 */
final class DisturbedOperator implements AutoCloseable {
  /**
   * A call that is about to be made.
   *
   * @param what in words
   * @param occurrence among the calls of the same words, from 1
   * @param writes whether it is to change something
   */
  record Call(String what, int occurrence, boolean writes) {}

  /** Decides what becomes of calls; may take its time, in which the process waits. */
  interface Trouble {
    Trouble NONE = call -> Fate.PASSES;

    Fate of(Call call);
  }

  /** Methods of {@link FlinkRest} that change something, as the judge calls them. */
  private static final Map<String, String> EFFECTS =
      Map.of(
          "stopWithSavepoint", "stop",
          "savepoint", "savepoint",
          "cancel", "cancel",
          "require", "require",
          "checkpoint", "checkpoint",
          "disposeSavepoint", "dispose");

  /** {@code GROUP/RESOURCE VERB} of all that was asked of the API server, by all of them. */
  static final Set<String> ASKED = new ConcurrentSkipListSet<>();

  private final String name;
  private final Recorder recorder;
  private final ApiProxy proxy;
  private final Clients clients;
  private final HttpFlinkRest rest = new HttpFlinkRest();
  private final FlinkClusterReconciler reconciler;
  private final Operator operator;
  private final AtomicLong passes = new AtomicLong();
  private final List<Call> calls = new ArrayList<>();
  private final Map<String, Integer> occurrences = new HashMap<>();
  private volatile Trouble trouble;
  private volatile ApiProxy.Handler network;
  private volatile boolean dead;
  private volatile boolean ends;
  private volatile CompletableFuture<Void> thawed = CompletableFuture.completedFuture(null);
  private int underWay;
  private boolean closed;

  /** Nothing is between it and the API server. */
  static final ApiProxy.Handler PLAIN = (request, upstream) -> upstream.send(request);

  /**
   * One that does nothing yet.
   *
   * @param account service account whose rights it has
   */
  DisturbedOperator(
      TestNamespace namespace,
      String account,
      Recorder recorder,
      String name,
      Trouble trouble,
      ApiProxy.Handler network) {
    this.name = name;
    this.recorder = recorder;
    this.trouble = trouble;
    this.network = network;
    this.proxy = new ApiProxy(namespace.server(), this::handle);
    Config config =
        new ConfigBuilder(namespace.client().getConfiguration())
            .withMasterUrl(proxy.url())
            .withUserAgent(Labels.OPERATOR)
            .withImpersonateUsername("system:serviceaccount:" + namespace.name() + ":" + account)
            .build();
    clients = Clients.connect(config, Serializations.OPERATOR);
    reconciler =
        new FlinkClusterReconciler(
            clients.patient(),
            (FlinkRest)
                Proxy.newProxyInstance(
                    DisturbedOperator.class.getClassLoader(),
                    new Class<?>[] {FlinkRest.class},
                    (self, method, arguments) -> flink(method, arguments)),
            new OperatorIdentity(
                namespace.name(), Map.of("app.kubernetes.io/name", "operator"), "operator:test"),
            Clock.systemUTC());
    operator =
        OperatorFactory.create(
            clients.prompt(),
            OperatorSettings.embedded(namespace.name(), namespace.name()),
            new Passes(this),
            reconciler::urgency,
            new SimpleMeterRegistry(),
            () -> {},
            (why, cause) -> die()); // as the process would: it must not go on deaf
  }

  /** Moves jobs from nodes that are about to go. */
  void watchNodes() {
    reconciler.watchNodes();
  }

  /** Returns when its caches are filled, or when it has died of it. */
  void start() {
    recorder.operator(name, "began");
    try {
      operator.start();
      reconciler.leads();
    } catch (RuntimeException e) {
      if (!dead) {
        throw e;
      }
    }
  }

  String name() {
    return name;
  }

  /** How many reconciles it has begun. */
  long passes() {
    return passes.get();
  }

  ApiProxy proxy() {
    return proxy;
  }

  boolean dead() {
    return dead;
  }

  /** From now on calls are counted anew, and this becomes of them. */
  synchronized void trouble(Trouble next) {
    calls.clear();
    occurrences.clear();
    trouble = next;
  }

  /** Those since the counting began. */
  synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** What is between it and the API server. */
  void network(ApiProxy.Handler next) {
    network = next;
  }

  // --- calls ---

  private Fate fate(String what, boolean writes) {
    Call call;
    synchronized (this) {
      call = new Call(what, occurrences.merge(what, 1, Integer::sum), writes);
      calls.add(call);
    }
    Fate fate = trouble.of(call);
    if (fate == Fate.DIES_BEFORE) {
      die();
    }
    return fate;
  }

  private ApiProxy.Reply handle(ApiRequest request, ApiProxy.Upstream upstream) throws IOException {
    thawed.join();
    if (dead) {
      throw new IOException("the process is dead");
    }
    String resource =
        request.kind() + (request.subresource().isEmpty() ? "" : "/" + request.subresource());
    ASKED.add(request.group() + "/" + resource + " " + request.verb());
    if (request.verb().equals("watch")) {
      return network.handle(request, upstream);
    }
    boolean counts =
        !request.fillsCache()
            && !request.namespace().isEmpty()
            && !Set.of("events", "leases").contains(request.kind());
    Fate fate = counts ? fate(request.what(), request.writes()) : Fate.PASSES;
    thawed.join();
    if (fate == Fate.DIES_BEFORE || dead) {
      throw new IOException("the process is dead");
    }
    if (fate == Fate.NOT_SENT) {
      throw new IOException("not sent");
    }
    ApiProxy.Reply reply = send(request, upstream, fate.told());
    if (fate == Fate.SENT_TWICE) {
      reply = send(request, upstream, true);
    }
    if (fate == Fate.DIES_AFTER) {
      die();
    }
    if (!fate.told() || dead) {
      throw new IOException("the answer is lost");
    }
    return reply;
  }

  private ApiProxy.Reply send(ApiRequest request, ApiProxy.Upstream upstream, boolean told)
      throws IOException {
    return recorder.through(name, passes.get(), request, told, r -> network.handle(r, upstream));
  }

  private Object flink(Method method, Object[] arguments) throws Throwable {
    Supplier<CompletableFuture<?>> call =
        () -> {
          try {
            return (CompletableFuture<?>) method.invoke(rest, arguments);
          } catch (InvocationTargetException e) {
            return CompletableFuture.failedFuture(e.getCause());
          } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
          }
        };
    String effect = EFFECTS.get(method.getName());
    if (dead) {
      return unreachable();
    }
    if (effect == null) {
      return thawed.isDone() ? call.get() : thawed.thenCompose(v -> call.get());
    }
    thawed.join();
    Fate fate = fate("flink " + effect, true);
    thawed.join();
    boolean sent = fate != Fate.DIES_BEFORE && fate != Fate.NOT_SENT && !dead;
    noteFlink(effect, arguments, sent);
    if (!sent) {
      return unreachable();
    }
    CompletableFuture<?> answer = call.get();
    if (fate == Fate.SENT_TWICE) {
      answer = answer.handle((done, failure) -> call.get()).thenCompose(again -> again);
    }
    if (fate.told()) {
      return answer;
    }
    return answer.handle(
        (done, failure) -> {
          if (fate.kills()) {
            die();
          }
          throw lost();
        });
  }

  private void noteFlink(String effect, Object[] arguments, boolean sent) {
    boolean dispose = effect.equals("dispose");
    boolean saves = effect.equals("stop") || effect.equals("savepoint");
    recorder.flinkCall(
        name,
        ((Address) arguments[0]).host(),
        effect,
        dispose ? "" : (String) arguments[1],
        !dispose && arguments.length > 2 ? arguments[2].toString() : "",
        saves ? (String) arguments[3] : dispose ? (String) arguments[1] : "",
        sent);
  }

  private static RemoteFailure lost() {
    return new RemoteFailure(RemoteFailure.Kind.UNREACHABLE, "timed out");
  }

  private static CompletableFuture<?> unreachable() {
    return CompletableFuture.failedFuture(lost());
  }

  // --- its end ---

  /** The process is killed: nothing leaves it any more. */
  void die() {
    synchronized (this) {
      if (dead) {
        return;
      }
      dead = true;
    }
    recorder.operator(name, "killed");
    proxy.refuse(true);
  }

  /** Stands still: its calls wait, and its watches bring nothing. */
  void freeze() {
    thawed = new CompletableFuture<>();
    proxy.silence(true);
    recorder.operator(name, "frozen");
  }

  /** Goes on with the reconcile that it is in; another process leads, so it is its last. */
  void thaw() throws InterruptedException {
    ends = true;
    recorder.operator(name, "goes-on");
    thawed.complete(null);
    synchronized (this) {
      long limit = System.nanoTime() + 20_000_000_000L;
      while (underWay > 0 && System.nanoTime() < limit) {
        wait(100);
      }
    }
    proxy.silence(false);
    die();
  }

  private synchronized void begin() {
    if (dead || ends) {
      throw new IllegalStateException("this process acts no more");
    }
    underWay++;
    passes.incrementAndGet();
    recorder.operator(name, "pass");
  }

  private synchronized void end() {
    underWay--;
    notifyAll();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    thawed.complete(null);
    if (dead) {
      proxy.close();
    }
    reconciler.stopping();
    OperatorFactory.stop(operator);
    reconciler.close();
    rest.close();
    clients.close();
    proxy.close();
  }

  /** Counts reconciles. */
  private record Passes(DisturbedOperator process)
      implements Reconciler<FlinkCluster>, Cleaner<FlinkCluster> {
    @Override
    public List<EventSource<?, FlinkCluster>> prepareEventSources(
        EventSourceContext<FlinkCluster> context) {
      return process.reconciler.prepareEventSources(context);
    }

    @Override
    public UpdateControl<FlinkCluster> reconcile(
        FlinkCluster cluster, Context<FlinkCluster> context) {
      process.begin();
      try {
        return process.reconciler.reconcile(cluster, context);
      } finally {
        process.end();
      }
    }

    @Override
    public DeleteControl cleanup(FlinkCluster cluster, Context<FlinkCluster> context) {
      process.begin();
      try {
        return process.reconciler.cleanup(cluster, context);
      } finally {
        process.end();
      }
    }
  }
}
