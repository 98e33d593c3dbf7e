package io.flinkcluster.operator.testcluster;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scheduler and kubelet of one namespace without containers: binds pods that have no scheduling
 * gate, and ask for no other scheduler, to a node, {@link ApiServer#NODE} at first, gives each a
 * loopback address of its own (so a server can really listen there; Linux only), reports them
 * running and ready, one that is prepared only once it is released, and removes them when they are
 * deleted. Troubles are scripted. Its requests carry the user agent {@code fake-kubelet}.
 */
public final class FakeKubelet implements AutoCloseable {

  /** What happens to a pod instead of a smooth start or end. */
  public enum PodProblem {
    /** No node has room for it. */
    UNSCHEDULABLE,
    /** Its image cannot be pulled. */
    IMAGE_PULL_BACK_OFF,
    /** A Secret or ConfigMap that its environment needs is missing. */
    CONFIG_ERROR,
    /** A volume cannot be mounted; the reason is in an Event. */
    MOUNT_FAILS,
    /** Its init container flinkcluster-fetch ends again and again: the jar does not exist. */
    FETCH_FAILS,
    /** The same container is denied to write where Flink keeps its checkpoints. */
    STORAGE_DENIED,
    /** Its container starts and ends again and again. */
    CRASH_LOOP,
    /** It runs and is never ready; nothing listens. */
    NEVER_READY,
    /** Its node is lost: deleted, it stays Terminating, and its process lives on. */
    NEVER_GOES
  }

  /** Hears of processes that begin and end; called on the kubelet's one thread. */
  public interface Listener {
    /**
     * The pod's process begins; when this returns the pod becomes ready.
     *
     * @return false if the process ended at once: the pod crashes again and again
     */
    boolean started(Pod pod, String ip);

    /** The pod's process has ended. */
    void stopped(Pod pod);
  }

  private static final Logger LOG = LoggerFactory.getLogger(FakeKubelet.class);
  private static final AtomicInteger ADDRESSES = new AtomicInteger();

  private final KubernetesClient client;
  private final String namespace;
  private final Listener listener;
  private final PodStatuses statuses;
  private final ScheduledExecutorService loop =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "fake-kubelet");
            thread.setDaemon(true);
            return thread;
          });
  private final SharedIndexInformer<Pod> pods;
  private final Map<String, String> addresses = new HashMap<>();
  private final Set<String> started = new HashSet<>();
  private final Set<String> held = new HashSet<>();

  /** Events of an evicted pod may still come that show it as it was. */
  private final Set<String> evicted = new HashSet<>();

  private final Set<String> ending = new HashSet<>();
  private final List<List<String>> done = new CopyOnWriteArrayList<>();
  private final List<Script> scripts = new CopyOnWriteArrayList<>();
  private volatile String node = ApiServer.NODE;
  private volatile Duration deletionTakes = Duration.ZERO;
  private volatile Duration startTakes = Duration.ZERO;

  private record Script(Predicate<Pod> pods, PodProblem problem) {}

  private FakeKubelet(TestNamespace namespace, Listener listener) {
    this.client = namespace.server().client("fake-kubelet");
    this.namespace = namespace.name();
    this.listener = listener;
    this.statuses = new PodStatuses(client, namespace.name());
    this.pods = client.pods().inNamespace(namespace.name()).inform(handler());
  }

  /** Starts one; pods that exist already are started too. */
  public static FakeKubelet in(TestNamespace namespace, Listener listener) {
    return new FakeKubelet(namespace, listener);
  }

  /** Makes problem for pods until {@link #heal}; the first script that matches a pod wins. */
  public void problem(Predicate<Pod> which, PodProblem problem) {
    scripts.add(new Script(which, problem));
    lookAtAll();
  }

  /** Its node gives the pod up for want of memory: it is listed as Failed from then on. */
  public void evict(Pod pod) {
    runLater(
        () -> {
          evicted.add(pod.getMetadata().getUid());
          stop(pod);
          statuses.evicted(pod);
        },
        Duration.ZERO);
  }

  /** Ends all troubles. */
  public void heal() {
    scripts.clear();
    lookAtAll();
  }

  /** Arguments of the pods that ran once, and have ended well, in their order. */
  public List<List<String>> done() {
    return List.copyOf(done);
  }

  /** Where the pods go from now on. */
  public void node(String name) {
    node = name;
  }

  /** How long a deleted pod stays Terminating; zero at first. */
  public void deletionTakes(Duration duration) {
    deletionTakes = duration;
  }

  /** How long a pod is Pending on its node; zero at first. */
  public void startTakes(Duration duration) {
    startTakes = duration;
  }

  /** The container of a running pod ends and is started again by the kubelet. */
  public void restartContainer(String podName) {
    run(
        () -> {
          Pod pod = client.pods().inNamespace(namespace).withName(podName).get();
          listener.stopped(pod);
          statuses.restarted(pod);
          begin(pod, addresses.get(pod.getMetadata().getUid()));
        });
  }

  private ResourceEventHandler<Pod> handler() {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(Pod pod) {
        run(() -> look(pod));
      }

      @Override
      public void onUpdate(Pod before, Pod pod) {
        run(() -> look(pod));
      }

      @Override
      public void onDelete(Pod pod, boolean unknown) {
        run(() -> gone(pod));
      }
    };
  }

  private void lookAtAll() {
    pods.getStore().list().forEach(pod -> run(() -> look(pod)));
  }

  private void run(Runnable step) {
    runLater(step, Duration.ZERO);
  }

  private void runLater(Runnable step, Duration delay) {
    if (loop.isShutdown()) {
      return;
    }
    loop.schedule(() -> careful(step), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void careful(Runnable step) {
    try {
      step.run();
    } catch (KubernetesClientException e) {
      // the pod changed or went away meanwhile; its next event comes
      LOG.debug("kubelet step: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("kubelet step failed", e);
    }
  }

  private void look(Pod pod) {
    PodProblem problem = troubleOf(pod);
    String uid = pod.getMetadata().getUid();
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      if (problem != PodProblem.NEVER_GOES && ending.add(uid)) {
        runLater(() -> end(pod), deletionTakes);
      }
    } else if (evicted.contains(uid) || "Failed".equals(pod.getStatus().getPhase())) {
      LOG.debug("{} has ended for good", pod.getMetadata().getName());
    } else if (pod.getSpec().getNodeName() == null) {
      schedule(pod, problem);
    } else if (!started.contains(uid)) {
      bringUp(pod, problem);
    } else if (!FlinkProcess.held(pod) && held.remove(uid)) {
      start(pod);
    }
  }

  private PodProblem troubleOf(Pod pod) {
    return scripts.stream()
        .filter(script -> script.pods().test(pod))
        .map(Script::problem)
        .findFirst()
        .orElse(null);
  }

  private void schedule(Pod pod, PodProblem problem) {
    if (!"default-scheduler".equals(pod.getSpec().getSchedulerName())) {
      return; // a RealScheduler does it
    }
    if (pod.getSpec().getSchedulingGates() != null
        && !pod.getSpec().getSchedulingGates().isEmpty()) {
      return;
    }
    if (problem == PodProblem.UNSCHEDULABLE) {
      statuses.unschedulable(pod);
      return;
    }
    client
        .bindings()
        .inNamespace(namespace)
        .resource(
            new BindingBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(namespace)
                .endMetadata()
                .withNewTarget()
                .withApiVersion("v1")
                .withKind("Node")
                .withName(node)
                .endTarget()
                .build())
        .create();
  }

  private void bringUp(Pod pod, PodProblem problem) {
    String uid = pod.getMetadata().getUid();
    if (problem == PodProblem.STORAGE_DENIED && "Never".equals(pod.getSpec().getRestartPolicy())) {
      statuses.denied(pod);
      return;
    }
    if (problem != null
        && problem != PodProblem.NEVER_GOES
        && problem != PodProblem.UNSCHEDULABLE) {
      statuses.problem(pod, problem, addresses.computeIfAbsent(uid, key -> nextAddress()));
      return;
    }
    started.add(uid);
    if ("Never".equals(pod.getSpec().getRestartPolicy())) {
      done.add(pod.getSpec().getContainers().get(0).getArgs());
      statuses.succeeded(pod, addresses.computeIfAbsent(uid, key -> nextAddress()));
      return;
    }
    runLater(() -> start(pod), startTakes);
  }

  private void start(Pod pod) {
    String uid = pod.getMetadata().getUid();
    if (ending.contains(uid)) {
      return;
    }
    String ip = addresses.computeIfAbsent(uid, key -> nextAddress());
    if (FlinkProcess.held(pod)) {
      held.add(uid);
      statuses.prepared(pod, ip);
    } else if (begin(pod, ip)) {
      statuses.running(pod, ip);
    }
  }

  private boolean begin(Pod pod, String ip) {
    boolean lives = listener.started(pod, ip);
    if (!lives) {
      statuses.problem(pod, PodProblem.CRASH_LOOP, ip);
    }
    return lives;
  }

  private void end(Pod pod) {
    stop(pod);
    client
        .pods()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getName())
        .withGracePeriod(0)
        .delete();
  }

  private void gone(Pod pod) {
    ending.add(pod.getMetadata().getUid());
    stop(pod);
  }

  private void stop(Pod pod) {
    boolean waited = held.remove(pod.getMetadata().getUid());
    if (started.remove(pod.getMetadata().getUid()) && !waited) {
      listener.stopped(pod);
    }
  }

  /**
   * An address that no pod of this process ever had, in a block of this process's own: other test
   * runs may listen beside it, and what was remembered of an address must not fit another pod.
   */
  private static String nextAddress() {
    long block = 1 + ProcessHandle.current().pid() % 250;
    int number = ADDRESSES.incrementAndGet();
    return "127." + block + "." + number / 250 + "." + (1 + number % 250);
  }

  @Override
  public void close() {
    loop.shutdownNow();
    pods.close();
    client.close();
  }
}
