package io.flinkcluster.operator.decide.rule;

import io.flinkcluster.operator.api.JobSpec;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.Rule;
import io.flinkcluster.operator.decide.fact.FormerState;
import io.flinkcluster.operator.decide.fact.LaunchFacts;
import io.flinkcluster.operator.decide.fact.Launches;
import io.flinkcluster.operator.decide.state.DecisionState;
import io.flinkcluster.operator.decide.state.OperationBuilder;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.decide.transition.Continuation;
import io.flinkcluster.operator.decide.transition.Operations;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.FinalSavepoint;
import io.flinkcluster.operator.model.Schemes;
import java.util.List;
import java.util.Optional;

/** No operation is under way, and nothing was ever started as far as the status tells. */
public final class NothingStartedRules {

  /** In the order in which they are asked. */
  public static final List<Rule> LIST =
      List.of(
          Rule.when(
              "StatusLost",
              "Objects of an earlier start exist, and the wanted spec does not say from which state"
                  + " to continue: leave them as they are, and say so.",
              NothingStartedRules::statusLost),
          Rule.when(
              "SpecRefused",
              "The spec cannot be carried out: start nothing.",
              s ->
                  s.wanted().isEmpty() ? Optional.of(nothing(s, Phase.Pending)) : Optional.empty()),
          Rule.when(
              "SuspendedFromTheBeginning",
              "The spec says suspend: start nothing.",
              s -> suspended(s) ? Optional.of(nothing(s, Phase.Suspended)) : Optional.empty()),
          Rule.when(
              "RemainsOfAnEarlierStart",
              "Objects of an earlier start exist: they must be gone before the first start.",
              NothingStartedRules::remains,
              DecisionState.Stopping),
          Rule.when(
              "FinalSavepointLeftBehind",
              "A deleted cluster of this name left a restore point, and the spec neither names it nor"
                  + " says to continue from it, or another cluster has continued from it: ask which"
                  + " state is meant.",
              NothingStartedRules::leftBehind),
          Rule.when(
              "FormerJobManagerRemains",
              "A JobManager of an earlier FlinkCluster of this name may run still: wait until it is"
                  + " gone.",
              s ->
                  s.seen()
                      .formerJobManager()
                      .map(why -> ConditionCause.waiting(Reason.FormerJobManager, why))
                      .map(cause -> nothing(s, Phase.Pending).causes(List.of(cause)).soon())),
          Rule.when(
              "ReferenceMissing",
              "Something that the pods need does not exist: wait for it.",
              s ->
                  LaunchFacts.absent(s)
                      .map(f -> nothing(s, Phase.Pending).causes(List.of(f)).soon())),
          Rule.otherwise(
              "FirstStart",
              "Otherwise: begin the first start.",
              NothingStartedRules::firstStart,
              DecisionState.Starting));

  private NothingStartedRules() {}

  private static Decision nothing(Situation s, Phase phase) {
    return Decision.of(phase, s.recorded());
  }

  private static boolean suspended(Situation s) {
    return s.wanted().filter(w -> w.spec().suspend()).isPresent();
  }

  private static OperationBuilder start(Situation s, CheckedCluster wanted) {
    return Operations.newLaunch(
        s, OperationType.Start, wanted, TriggerKind.FirstStart, "first start");
  }

  private static Optional<String> initial(CheckedCluster wanted) {
    return wanted.stateful() ? wanted.job().map(JobSpec::initialSavepoint) : Optional.empty();
  }

  private static Optional<Decision> statusLost(Situation s) {
    long earlier = Launches.newestTrace(s);
    if (earlier == 0) {
      return Optional.empty();
    }
    Optional<CheckedCluster> wanted = s.wanted();
    boolean told =
        wanted.filter(w -> !w.spec().suspend()).isPresent()
            && (!wanted.get().stateful() || namedSince(s, wanted.get(), earlier));
    return told
        ? Optional.empty()
        : Optional.of(
            nothing(s, Phase.Pending)
                .keep(Launches.traces(s))
                .causes(
                    List.of(
                        ConditionCause.stalled(Reason.NoRestorePoint, statusLost(s, earlier)))));
  }

  /** What the lost start was itself given to begin from is older than its job. */
  private static boolean namedSince(Situation s, CheckedCluster wanted, long earlier) {
    Optional<String> before =
        Optional.ofNullable(s.launched().get(earlier)).flatMap(NothingStartedRules::initial);
    return initial(wanted).isPresent() && !initial(wanted).equals(before);
  }

  private static String statusLost(Situation s, long epoch) {
    return "the status of this resource was lost, and objects of its start "
        + epoch
        + " still exist, which are left as they are: which of its checkpoints is the newest is not"
        + " known from here. To continue set job.initialSavepoint to the newest checkpoint or"
        + " savepoint; to start with empty state set job.upgradeMode: Stateless"
        + (suspended(s) ? "; and suspend: false" : "");
  }

  private static Optional<Decision> remains(Situation s) {
    if (Launches.newestTrace(s) == 0) {
      return Optional.empty();
    }
    OperationBuilder start = start(s, s.wanted().orElseThrow()).stage(OperationStage.Stopping);
    return Optional.of(Continuation.stopping(s.recorded().with(start.status())));
  }

  private static Optional<Decision> leftBehind(Situation s) {
    CheckedCluster wanted = s.wanted().orElseThrow();
    Optional<FinalSavepoint> left = s.seen().finalSavepoint().filter(m -> wanted.stateful());
    return left.flatMap(m -> inTheWay(s, wanted, m))
        .map(
            message ->
                nothing(s, Phase.Pending)
                    .causes(List.of(ConditionCause.stalled(Reason.NoRestorePoint, message))));
  }

  /** Why the first start does not simply begin from what was left; empty: it does. */
  private static Optional<String> inTheWay(
      Situation s, CheckedCluster wanted, FinalSavepoint left) {
    if (FormerState.firstPoint(s, wanted).equals(Optional.of(left.path()))) {
      List<String> hidden =
          FormerState.searchDirectories(s, wanted).stream()
              .filter(d -> !Schemes.searchable(d))
              .toList();
      return hidden.isEmpty() ? Optional.empty() : Optional.of(notSearchable(s, left, hidden));
    }
    return Optional.of(
        FormerState.continues(wanted) ? continuedByAnother(s, left) : which(s, wanted, left));
  }

  private static String which(Situation s, CheckedCluster wanted, FinalSavepoint left) {
    String toContinue =
        left.searchDirectories().isEmpty()
            ? "; to continue from it set job.initialSavepoint to it, or job.onRecreate: Continue"
            : ", unless a newer snapshot was completed below "
                + String.join(" or ", left.searchDirectories())
                + ", for which Flink may have deleted it; to continue from the newest set"
                + " job.onRecreate: Continue, which looks there, or job.initialSavepoint to it";
    return "a deleted cluster of this name left the restore point "
        + left.path()
        + toContinue
        + ", to start "
        + initial(wanted).map(other -> "from " + other).orElse("with empty state")
        + " delete the ConfigMap "
        + s.names().finalSavepoint();
  }

  private static String notSearchable(Situation s, FinalSavepoint left, List<String> hidden) {
    return "a deleted cluster of this name left the restore point "
        + left.path()
        + ", and perhaps a newer one below "
        + String.join(" or ", hidden)
        + ", where no pod can look: to continue set job.initialSavepoint to the newest (it holds a"
        + " _metadata file) and delete the ConfigMap "
        + s.names().finalSavepoint();
  }

  private static String continuedByAnother(Situation s, FinalSavepoint left) {
    return "the restore point "
        + left.path()
        + " that a deleted cluster of this name left was continued by another one (uid "
        + left.continuedBy().orElseThrow()
        + "), which has not written down where its own, newer state is: to continue set"
        + " job.initialSavepoint to that (it holds a _metadata file) and delete the ConfigMap "
        + s.names().finalSavepoint();
  }

  private static Decision firstStart(Situation s) {
    CheckedCluster wanted = s.wanted().orElseThrow();
    var operation = start(s, wanted).stage(OperationStage.Starting).status();
    return Decision.of(
            Phase.Starting,
            Operations.launching(s, operation, wanted, FormerState.firstPoint(s, wanted))
                .with(operation))
        .soon();
  }
}
