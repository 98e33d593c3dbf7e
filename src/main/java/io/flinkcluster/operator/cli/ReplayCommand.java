package io.flinkcluster.operator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.autoscale.SizingPolicy;
import io.flinkcluster.operator.decide.fact.Autoscaling;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Times;
import io.flinkcluster.operator.replay.CsvRecording;
import io.flinkcluster.operator.replay.PrometheusRecording;
import io.flinkcluster.operator.replay.Recording;
import io.flinkcluster.operator.replay.RecordingException;
import io.flinkcluster.operator.replay.Replay;
import io.flinkcluster.operator.replay.ReplaySettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What autoscaling would have decided under a recorded load. */
@Command(
    name = "replay",
    description = {
      "What autoscaling would have decided under a load that was recorded: each change of its mind,"
          + " with what it rests on, and what it comes to.",
      "Decided by the operator's own code at the times of the recording; nothing is changed, and"
          + " mode does not matter. Where the job had another size than the replay wants, load and"
          + " lag are estimated; such lines begin with ~."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The FlinkCluster whose settings count; or give --filename.")
  private String name;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "The manifest of a FlinkCluster whose settings count; - reads standard input.")
  private String file;

  @Option(
      names = {"-m", "--metrics"},
      paramLabel = "FILE",
      required = true,
      description =
          "What was recorded: answers of Prometheus to range queries, or a table of comma-separated"
              + " values; - reads standard input.")
  private String metrics;

  @Option(
      names = "--downtime",
      paramLabel = "TIME",
      description =
          "How long the job stands still in a rescale; unset: as measured of the cluster, or 15s in"
              + " place, 45s by savepoint.")
  private String downtime;

  @Option(
      names = "--pod-start",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "How long it takes until further TaskManagers run; default: ${DEFAULT-VALUE}.")
  private String podStart;

  @Option(names = "--all", description = "Each evaluation, also where it says the same again.")
  private boolean all;

  @Override
  public Integer call() {
    if ((name == null) == (file == null)) {
      throw new Failure(
          ExitCode.USAGE,
          "give the name of a FlinkCluster, or its manifest with --filename: one of both");
    }
    if ("-".equals(file) && metrics.equals("-")) {
      throw new Failure(
          ExitCode.USAGE, "--filename and --metrics cannot both be standard input; save one first");
    }
    FlinkCluster cluster = cluster();
    CheckedCluster checked = ReplayedCluster.checked(cluster);
    try {
      Recording recording = recording(text(metrics), cluster);
      Replay replay = Replay.of(recording, settings(cluster, checked));
      recording.notes().forEach(n -> spec.commandLine().getErr().println("note: " + n));
      spec.commandLine().getErr().flush();
      output.print(
          spec.commandLine().getOut(),
          ReplayText.json(replay, all),
          () -> ReplayText.of(replay, checked.spec().taskManager().replicas(), all));
      return ExitCode.OK;
    } catch (RecordingException e) {
      throw new Failure(ExitCode.USAGE, metrics + ": " + e.getMessage());
    }
  }

  private FlinkCluster cluster() {
    if (name != null) {
      try (Clusters clusters = connection.connect()) {
        return clusters.get(name);
      }
    }
    List<JsonNode> found = Manifest.clusters(file);
    if (found.size() > 1) {
      throw new Failure(
          ExitCode.USAGE,
          file + " holds " + found.size() + " FlinkClusters; give the manifest of one");
    }
    return ReplayedCluster.read(found.get(0));
  }

  private ReplaySettings settings(FlinkCluster cluster, CheckedCluster checked) {
    int slots = checked.spec().taskManager().taskSlots();
    int most = checked.job().orElseThrow().maxParallelism();
    return new ReplaySettings(
        SizingPolicy.of(checked.spec().autoscaling(), Math.max(1, most / slots)),
        slots,
        most,
        checked.spec().taskManager().replicas(),
        downtime == null
            ? Autoscaling.downtime(ReplayedCluster.operations(cluster), checked.adaptive())
            : time("--downtime", downtime),
        time("--pod-start", podStart));
  }

  private static Duration time(String option, String text) {
    try {
      return Times.duration(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new Failure(
          ExitCode.USAGE, option + " " + text + " is not a duration; write it as 12s or 2m");
    }
  }

  private static Recording recording(String text, FlinkCluster cluster) {
    String begin = text.stripLeading();
    if (!begin.startsWith("{") && !begin.startsWith("[")) {
      return CsvRecording.read(text);
    }
    var answers = new ArrayList<JsonNode>();
    try (var values = new ObjectMapper().readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      while (values.hasNextValue()) {
        JsonNode value = values.nextValue();
        if (value.isArray()) {
          value.forEach(answers::add);
        } else {
          answers.add(value);
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new Failure(
          ExitCode.USAGE,
          "the recording begins as JSON and cannot be read as that; save the whole answer of"
              + " Prometheus: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
    var meta = cluster.getMetadata();
    return PrometheusRecording.read(
        answers, meta.getNamespace() == null ? "" : meta.getNamespace(), meta.getName());
  }

  private static String text(String file) {
    try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.USAGE, file + ": there is no such file");
    } catch (IOException e) {
      throw new Failure(ExitCode.USAGE, file + " cannot be read: " + e.getMessage());
    }
  }
}
