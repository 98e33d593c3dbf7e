package io.flinkcluster.operator.cli;

import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.FinalSavepoint;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What applying a manifest would do. */
@Command(
    name = "plan",
    description = {
      "What kubectl apply of a manifest would do: the kind of change, its steps, what becomes of the"
          + " state, the expected downtime.",
      "Decided by the operator's own code; nothing is changed. Exit code 1: it would not be carried"
          + " out."
    },
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      required = true,
      description = "The manifest; - reads standard input.")
  private String file;

  @Option(
      names = "--kubectl",
      hidden = true,
      defaultValue = "kubectl",
      description = "The kubectl that applies it, without effect.")
  private String kubectl;

  @Override
  public Integer call() {
    try (Clusters clusters = connection.connect()) {
      var apply = new DryApply(kubectl, connection.forKubectl());
      var plans = new ArrayList<ChangePlan>();
      for (var manifest : Manifest.clusters(file)) {
        FlinkCluster wanted = apply.applied(manifest, name -> clusters.find(name));
        plans.add(plan(clusters, wanted));
      }
      output.print(
          spec.commandLine().getOut(),
          plans.size() == 1 ? plans.get(0) : plans,
          () -> String.join("\n\n", plans.stream().map(ChangePlan::text).toList()));
      return plans.stream().allMatch(ChangePlan::possible) ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  private static ChangePlan plan(Clusters clusters, FlinkCluster wanted) {
    Optional<FlinkCluster> live = clusters.find(wanted.getMetadata().getName());
    live.ifPresent(found -> wanted.setStatus(found.getStatus()));
    var launched = clusters.launched(wanted);
    Optional<FinalSavepoint> left = clusters.finalSavepoint(wanted.getMetadata().getName());
    return plan(live, wanted, launched, left, Instant.now());
  }

  /**
   * The plan.
   *
   * @param live what is there now; empty: it would be created
   * @param wanted what would be there, with the status of what is there now
   * @param launched the specs of its starts
   * @param left the savepoint that a deleted cluster of this name left behind
   */
  static ChangePlan plan(
      Optional<FlinkCluster> live,
      FlinkCluster wanted,
      Map<Long, CheckedCluster> launched,
      Optional<FinalSavepoint> left,
      Instant now) {
    var meta = wanted.getMetadata();
    var notes = new ArrayList<String>();
    RecordedState recorded = RecordedState.of(wanted.getStatus());
    recorded.operation().ifPresent(o -> notes.add(underWay(o)));
    var situation =
        new Situation(
            new ClusterNames(meta.getNamespace(), meta.getName()),
            meta.getUid(),
            meta.getGeneration() == null ? 1 : meta.getGeneration(),
            AdmissionRules.check(wanted),
            launched,
            recorded.with((OperationStatus) null),
            new Observation(now, List.of(), List.of(), Optional.empty(), false, List.of(), left),
            wishes(wanted, notes),
            List.of());
    if (recorded.launch().isPresent() && situation.running().isEmpty()) {
      throw new Failure(
          ExitCode.REFUSED,
          "the spec that runs cannot be read back from the ConfigMap "
              + situation.names().config(situation.launch().epoch())
              + "; who plans a change must be allowed to read ConfigMaps in this namespace");
    }
    List<String> others = live.map(l -> ChangedFields.paths(l, wanted)).orElse(List.of());
    return ChangePlan.of(situation, others, notes);
  }

  private static String underWay(OperationStatus o) {
    return o.type()
        + " is under way, in "
        + o.stage()
        + ": this is the plan for what follows when it has ended";
  }

  /** What holds changes back is told, and looked past. */
  private static Situation.Wishes wishes(FlinkCluster wanted, List<String> notes) {
    Map<String, String> annotations =
        wanted.getMetadata().getAnnotations() == null
            ? Map.of()
            : wanted.getMetadata().getAnnotations();
    for (String key : List.of(Labels.PLAN, Labels.PAUSE)) {
      if ("true".equals(annotations.get(key))) {
        notes.add("the annotation " + key + " holds it back until it is removed");
      }
    }
    return new Situation.Wishes(
        false,
        Optional.ofNullable(annotations.get(Labels.SAVEPOINT)).filter(t -> !t.isBlank()),
        Optional.ofNullable(annotations.get(Labels.RESTART)).filter(t -> !t.isBlank()),
        false);
  }
}
