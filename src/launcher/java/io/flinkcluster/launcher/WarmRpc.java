package io.flinkcluster.launcher;

import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;

/**
 * Flink's RPC system, loaded before its time. Flink unpacks it from a jar within a jar and loads it
 * by a class loader of its own, so that no list of classes reaches it; on two cores that is a
 * second of a start. Flink asks the loaders that it finds on its class path in the order of their
 * priority, and goes on with the next where one fails (Flink 1.20 to 2.3: {@code RpcSystem.load}).
 */
public final class WarmRpc implements RpcSystemLoader {
  private static final AtomicReference<RpcSystem> WARM = new AtomicReference<>();
  private static final String HERE = "127.0.0.1";
  private static final int END_SECONDS = 10;

  /** Loads it, and has it listen once on a free port that only this pod itself can reach. */
  static void prepare() throws Exception {
    Configuration defaults = new Configuration();
    RpcSystem system = flinks().loadRpcSystem(defaults);
    RpcService service =
        system
            .remoteServiceBuilder(defaults, HERE, "0")
            .withBindAddress(HERE)
            .withBindPort(0)
            .createAndStart();
    service.closeAsync().get(END_SECONDS, TimeUnit.SECONDS);
    WARM.set(system);
  }

  private static RpcSystemLoader flinks() {
    RpcSystemLoader first = null;
    for (RpcSystemLoader loader : ServiceLoader.load(RpcSystemLoader.class)) {
      boolean other = !(loader instanceof WarmRpc);
      if (other && (first == null || loader.getLoadPriority() < first.getLoadPriority())) {
        first = loader;
      }
    }
    if (first == null) {
      throw new IllegalStateException("Flink has no RPC system");
    }
    return first;
  }

  /** Before Flink's own, which have 0 and more. */
  @Override
  public int getLoadPriority() {
    return -1;
  }

  /**
   * The one that was loaded, once: whoever asks for it closes it.
   *
   * @throws IllegalStateException when there is none, so that Flink goes on with its own loader
   */
  @Override
  public RpcSystem loadRpcSystem(Configuration configuration) {
    RpcSystem system = WARM.getAndSet(null);
    if (system == null) {
      throw new IllegalStateException("none was loaded before");
    }
    return system;
  }
}
