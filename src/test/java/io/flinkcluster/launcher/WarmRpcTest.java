package io.flinkcluster.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the RPC system of Flink 2.3 itself; 2 s. */
class WarmRpcTest {
  /**
   * Where Flink finds its loaders, as in the pod: the file is not in the operator's own archive.
   */
  private static ClassLoader withOurs(Path directory) throws IOException {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(RpcSystemLoader.class.getName()), WarmRpc.class.getName() + "\n");
    return new URLClassLoader(
        new URL[] {directory.toUri().toURL()}, WarmRpcTest.class.getClassLoader());
  }

  @Test
  void flinkTakesTheOneThatWasLoadedAndOnlyOnce(@TempDir Path directory) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(withOurs(directory));
    try {
      WarmRpc.prepare();
      var warm = new WarmRpc();
      RpcSystem loaded = warm.loadRpcSystem(new Configuration());
      assertThatIllegalStateException().isThrownBy(() -> warm.loadRpcSystem(new Configuration()));
      try (RpcSystem another = RpcSystem.load(new Configuration())) {
        assertThat(another).as("Flink's own loader goes on").isNotSameAs(loaded);
      }
      loaded.close();

      WarmRpc.prepare();
      try (RpcSystem system = RpcSystem.load(new Configuration())) {
        assertThatIllegalStateException()
            .as("Flink has taken it")
            .isThrownBy(() -> warm.loadRpcSystem(new Configuration()));
        RpcService service =
            system
                .remoteServiceBuilder(new Configuration(), "127.0.0.1", "0")
                .withBindAddress("127.0.0.1")
                .createAndStart();
        assertThat(service.getPort()).isPositive();
        service.closeAsync().join();
      }
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
