package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.flinkcluster.operator.api.ChildMetadataSpec;
import io.flinkcluster.operator.api.ConfigurationStatus;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.decide.ConditionCause;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.decide.state.Situation;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One pass of the walk: the resource as it was read, and what was made of it. */
record Reconciliation(FlinkCluster cluster, Context<FlinkCluster> context, Situation situation) {
  private static final Duration SOON = Duration.ofSeconds(5);

  boolean paused() {
    Map<String, String> annotations = cluster.getMetadata().getAnnotations();
    return annotations != null
        && "true".equals(annotations.get(Labels.PAUSE))
        && !situation.wishes().deleting();
  }

  /** What is seen is reported, what would be done is not. */
  Decision keepingRecorded(Decision decision) {
    RecordedState recorded = situation.recorded();
    return new Decision(
        decision.phase(),
        recorded,
        List.of(),
        Set.of(),
        List.of(),
        decision.causes(),
        decision.lookAgain(),
        false,
        decision.rule());
  }

  /**
   * What cannot be applied is always told, also where a decision rests on something else. What
   * stands in the way may not be watched, so that it is looked at again soon.
   */
  static Decision telling(Decision decision, List<String> refusals) {
    boolean told =
        decision.phase() == Phase.Deleting
            || decision.causes().stream().anyMatch(f -> f.reason() == Reason.ChildRefused);
    if (told) {
      return decision;
    }
    var causes = new ArrayList<>(decision.causes());
    causes.add(
        ConditionCause.stalled(
            Reason.ChildRefused, "cannot be applied: " + String.join("; ", refusals)));
    return new Decision(
        decision.phase(),
        decision.recorded(),
        decision.runs(),
        decision.keep(),
        decision.actions(),
        causes,
        decision.lookAgain().compareTo(SOON) < 0 ? decision.lookAgain() : SOON,
        decision.gone(),
        decision.rule());
  }

  /**
   * Labels and annotations for what is made for the cluster: those that are wanted, or where the
   * spec is refused those of the newest start.
   */
  ChildMetadataSpec childMetadata() {
    return situation
        .wanted()
        .or(
            () ->
                situation.launched().entrySet().stream()
                    .max(Map.Entry.comparingByKey())
                    .map(Map.Entry::getValue))
        .map(c -> c.spec().childMetadata())
        .orElse(ChildMetadataSpec.NONE);
  }

  /** The spec that the current start runs. */
  Optional<CheckedCluster> running(RecordedState recorded) {
    return recorded.launch().flatMap(l -> situation.spec(l.epoch(), l.fingerprint()));
  }

  /** The configuration of the current start, as its ConfigMap says. */
  Optional<ConfigurationStatus> configuration(RecordedState recorded) {
    return recorded
        .launch()
        .map(l -> situation.names().config(l.epoch()))
        .flatMap(
            name ->
                context.getSecondaryResources(ConfigMap.class).stream()
                    .filter(c -> ObjectOwner.is(c, situation.uid()))
                    .map(ConfigMap::getMetadata)
                    .filter(meta -> meta.getName().equals(name) && meta.getAnnotations() != null)
                    .flatMap(
                        meta -> Stream.ofNullable(meta.getAnnotations().get(Labels.CONFIGURATION)))
                    .map(hash -> new ConfigurationStatus(name, hash))
                    .findFirst());
  }

  /** Starts whose spec may be needed again. */
  Set<Long> memories(Decision decision) {
    var epochs = new HashSet<Long>();
    if (situation.wishes().deleting() && decision.runs().isEmpty()) {
      return epochs;
    }
    RecordedState recorded = decision.recorded();
    recorded.launch().map(LaunchStatus::epoch).ifPresent(epochs::add);
    recorded.lastStable().ifPresent(l -> epochs.add(l.epoch()));
    recorded.operation().map(o -> o.epoch()).ifPresent(epochs::add);
    return epochs;
  }
}
