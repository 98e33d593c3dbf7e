package io.flinkcluster.operator.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The cluster of {@code dev/cluster}: Kubernetes' own programs on this machine. */
final class LocalMachine implements Machine {
  private static final String SCRIPT = "dev/cluster/cluster";

  private final String name;
  private final Path kubeconfig;
  private final Path programs;
  private final Path base;
  private final boolean keep;

  private LocalMachine(String name, Path kubeconfig, Path programs, Path base, boolean keep) {
    this.name = name;
    this.kubeconfig = kubeconfig;
    this.programs = programs;
    this.base = base;
    this.keep = keep;
  }

  /** Why it cannot run here; empty where it can. */
  static Optional<String> obstacle() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.of("this is not Linux");
    }
    if (!Shell.run("id", "-u").output().strip().equals("0")) {
      return Optional.of("this is not root");
    }
    String check = "needed cluster images go";
    Shell.Result tools = Shell.run("bash", "-c", ". dev/cluster/lib.sh; " + check);
    return tools.code() == 0 ? Optional.empty() : Optional.of(tools.output().strip());
  }

  /** Builds what is missing, which takes up to 20 minutes the first time, and starts it. */
  static LocalMachine start(String name, boolean keep) {
    String tars = Shell.ok("dev/images/build", "base", "pause", "flink", "1.20", "flink", "2.3");
    List<String> images = tars.lines().toList();
    if (!keep) {
      Shell.ok(SCRIPT, "down", "--name", name);
    }
    Shell.ok(SCRIPT, "up", "--name", name);
    images.stream()
        .filter(tar -> tar.contains("flink-"))
        .forEach(tar -> Shell.ok(SCRIPT, "load", "--name", name, tar));
    return new LocalMachine(
        name,
        Path.of(Shell.ok(SCRIPT, "kubeconfig", "--name", name)),
        Path.of(Shell.ok(SCRIPT, "binaries", "kubectl")),
        Path.of(images.get(0)),
        keep);
  }

  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public String kubectl() {
    return programs.resolve("kubectl").toString();
  }

  @Override
  public List<String> baseImage() {
    return List.of("-Djib.from.image=tar://" + base);
  }

  @Override
  public void load(Path tar) {
    Shell.ok(SCRIPT, "load", "--name", name, tar.toString());
  }

  @Override
  public void close() {
    if (!keep) {
      Shell.ok(SCRIPT, "down", "--name", name);
    }
  }
}
