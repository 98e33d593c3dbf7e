package io.flinkcluster.operator.bench;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Quantity;
import io.flinkcluster.operator.testcluster.ApiServer;
import io.flinkcluster.operator.testcluster.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The operator in a process of its own, with the options of its image and the memory limit of its
 * chart, beside a real API server.
 */
final class OperatorJvm implements AutoCloseable {
  /** Who it says that it is. */
  static final String USER_AGENT = "flinkcluster-operator";

  private static final Pattern FLAG = Pattern.compile("<jvmFlag>(.*?)</jvmFlag>");
  private static final Pattern USED = Pattern.compile("used (\\d+)K");
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

  private final ChildProcess child;
  private final ProcessHandle process;
  private final int port;

  private OperatorJvm(ChildProcess child, ProcessHandle process, int port) {
    this.child = child;
    this.process = process;
    this.port = port;
  }

  /**
   * Starts it.
   *
   * @param bytes its memory limit
   */
  static OperatorJvm start(ApiServer server, String namespace, long bytes, int port) {
    var command = new ArrayList<String>();
    command.add("KUBECONFIG=" + server.kubeconfig());
    command.add("POD_NAMESPACE=" + namespace);
    command.add("POD_NAME=operator");
    command.add("WATCH_NAMESPACES=" + namespace);
    command.add("HTTP_PORT=" + port);
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("-XX:MaxRAM=" + bytes);
    command.addAll(flags(read(Path.of("pom.xml"))));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("io.flinkcluster.operator.OperatorMain");
    try {
      Path logs = Files.createDirectories(Path.of("target", "bench"));
      ChildProcess child = ChildProcess.start(logs, "/usr/bin/env", command);
      ProcessHandle process =
          Awaitility.await("the operator's process")
              .until(child::program, java.util.Optional::isPresent)
              .orElseThrow();
      return new OperatorJvm(child, process, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The options of the image's JVM. */
  static List<String> flags(String pom) {
    Matcher flag = FLAG.matcher(pom);
    var flags = new ArrayList<String>();
    while (flag.find()) {
      flags.add(flag.group(1).replace("${project.version}", "benchmark"));
    }
    return flags;
  }

  /** The chart's memory limit in bytes. */
  static long chartLimit() {
    try {
      String limit =
          new YAMLMapper()
              .readTree(Path.of("helm", "flinkcluster-operator", "values.yaml").toFile())
              .at("/resources/limits/memory")
              .asText();
      return Quantity.parse(limit).getNumericalAmount().longValueExact();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it has not ended, as it does without memory. */
  boolean alive() {
    return process.isAlive();
  }

  /** The end of its log. */
  String lastWords() {
    return child.lastWords();
  }

  /** Processor time until now. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Resident memory in kB. */
  long residentKilobytes() {
    String status = read(Path.of("/proc/" + process.pid() + "/status"));
    Matcher resident = RESIDENT.matcher(status);
    if (!resident.find()) {
      throw new IllegalStateException("the operator has ended: " + lastWords());
    }
    return Long.parseLong(resident.group(1));
  }

  /** Open sockets: to JobManagers, to the API server, and those of its probes. */
  long sockets() {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      return open.filter(OperatorJvm::isSocket).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  /** Heap that is in use after a collection, in kB. */
  long heapKilobytes() {
    jcmd("GC.run");
    return heapKilobytes(jcmd("GC.heap_info"));
  }

  /** The sum over the generations of what {@code jcmd GC.heap_info} says. */
  static long heapKilobytes(String info) {
    long sum = 0;
    for (String line : info.split("\n")) {
      Matcher used = USED.matcher(line);
      if (line.contains("generation") && used.find()) {
        sum += Long.parseLong(used.group(1));
      }
    }
    return sum;
  }

  private String jcmd(String command) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    try {
      Process asked =
          new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), command)
              .redirectErrorStream(true)
              .start();
      return new String(asked.getInputStream().readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Size of what {@code /metrics} answers, in bytes. */
  long metricsBytes() {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"));
    try {
      return HttpClient.newHttpClient()
          .send(request.build(), BodyHandlers.ofByteArray())
          .body()
          .length;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Ends it as Kubernetes does. */
  @Override
  public void close() {
    process.destroy();
    try {
      process.onExit().get(30, TimeUnit.SECONDS);
      child.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      process.destroyForcibly();
    }
  }
}
