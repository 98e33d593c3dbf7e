package io.flinkcluster.operator.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** K3s in a container. Flink's official images are pulled by it. */
final class K3sMachine implements Machine {
  private static final String IMAGE =
      System.getenv().getOrDefault("FLINKCLUSTER_K3S_IMAGE", "rancher/k3s:v1.34.4-k3s1");

  private final K3sContainer container;
  private final Path kubeconfig;

  private K3sMachine(K3sContainer container, Path kubeconfig) {
    this.container = container;
    this.kubeconfig = kubeconfig;
  }

  /** Whether Docker answers. */
  static boolean possible() {
    return Shell.has("docker")
        && Shell.run("docker", "info").code() == 0
        && DockerClientFactory.instance().isDockerAvailable();
  }

  static K3sMachine start() {
    var container =
        new K3sContainer(DockerImageName.parse(IMAGE).asCompatibleSubstituteFor("rancher/k3s"));
    try {
      container.start();
      Path kubeconfig = Files.createTempFile("kubeconfig", ".yaml");
      Files.writeString(kubeconfig, container.getKubeConfigYaml());
      return new K3sMachine(container, kubeconfig);
    } catch (IOException e) {
      container.stop();
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public String kubectl() {
    return Shell.has("kubectl")
        ? "kubectl"
        : Shell.ok("dev/cluster/cluster", "binaries", "kubectl") + "/kubectl";
  }

  @Override
  public List<String> baseImage() {
    return List.of();
  }

  @Override
  public void load(Path tar) {
    String inside = "/tmp/" + tar.getFileName();
    container.copyFileToContainer(MountableFile.forHostPath(tar), inside);
    try {
      var result = container.execInContainer("ctr", "-n", "k8s.io", "images", "import", inside);
      if (result.getExitCode() != 0) {
        throw new IllegalStateException(tar + " cannot be loaded: " + result.getStderr());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    container.stop();
    try {
      Files.deleteIfExists(kubeconfig);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
