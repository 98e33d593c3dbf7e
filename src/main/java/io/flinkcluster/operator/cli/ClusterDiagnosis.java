package io.flinkcluster.operator.cli;

import static io.flinkcluster.operator.cli.Finding.Level.ERROR;
import static io.flinkcluster.operator.cli.Finding.Level.INFO;
import static io.flinkcluster.operator.cli.Finding.Level.WARNING;

import io.flinkcluster.operator.api.Condition;
import io.flinkcluster.operator.api.FlinkClusterSpec;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.api.OnDelete;
import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.UpgradeMode;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.Times;
import io.flinkcluster.operator.report.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is not as it should be with one cluster; from values alone. */
final class ClusterDiagnosis {
  private static final double HELD_UP = 0.5;

  private final ClusterFacts facts;
  private final FlinkClusterSpec spec;
  private final FlinkClusterStatus status;
  private final String about;
  private final List<Finding> findings = new ArrayList<>();

  private ClusterDiagnosis(ClusterFacts facts) {
    this.facts = facts;
    this.spec = facts.cluster().getSpec();
    this.status = facts.cluster().getStatus();
    var meta = facts.cluster().getMetadata();
    this.about = "flinkcluster/" + meta.getNamespace() + "/" + meta.getName();
  }

  /** The findings, in the order of areas. */
  static List<Finding> of(ClusterFacts facts) {
    var diagnosis = new ClusterDiagnosis(facts);
    diagnosis.attention();
    diagnosis.conditions();
    diagnosis.findings.addAll(SizeDiagnosis.of(facts, diagnosis.about));
    diagnosis.state();
    diagnosis.storage();
    diagnosis.findings.addAll(IdentityDiagnosis.of(facts, diagnosis.about));
    diagnosis.network();
    ImageDiagnosis.of(facts.cluster().getSpec(), diagnosis.about)
        .ifPresent(diagnosis.findings::add);
    diagnosis.findings.addAll(PodDiagnosis.of(facts.pods(), diagnosis.about));
    return diagnosis.findings;
  }

  private void add(Finding.Level level, String area, String what, String remedy) {
    findings.add(new Finding(level, area, about, what, remedy));
  }

  private void attention() {
    Map<String, String> annotations =
        Optional.ofNullable(facts.cluster().getMetadata().getAnnotations()).orElse(Map.of());
    if (NextStep.unseen(facts.cluster())) {
      add(
          ERROR,
          "operator",
          "the operator has not looked at generation "
              + facts.cluster().getMetadata().getGeneration(),
          "see whether it runs, whether it serves this namespace, and its log");
    }
    for (String key : List.of(Labels.PAUSE, Labels.PLAN)) {
      if ("true".equals(annotations.get(key))) {
        add(
            WARNING,
            "operator",
            "the annotation " + key + " is set: changes are not carried out",
            "kubectl annotate flc " + facts.cluster().getMetadata().getName() + " " + key + "-");
      }
    }
  }

  private void conditions() {
    condition(Conditions.STALLED)
        .filter(c -> c.status().equals("True"))
        .ifPresent(
            c ->
                add(ERROR, "spec", c.reason() + ": " + c.message(), "the message says what to do"));
    condition(Conditions.CONFIG_VALID)
        .filter(c -> c.reason().equals("ValidWithWarning"))
        .ifPresent(
            c -> c.message().lines().forEach(line -> add(WARNING, "spec", line, "see the field")));
    Optional.ofNullable(status)
        .map(FlinkClusterStatus::operations)
        .flatMap(all -> all.stream().findFirst())
        .filter(
            o -> o.result() == OperationResult.Failed || o.result() == OperationResult.RolledBack)
        .ifPresent(this::failed);
  }

  private void failed(OperationRecord o) {
    add(
        WARNING,
        "spec",
        "the last operation, " + o.type() + ", ended as " + o.result() + ": " + o.message(),
        "remove the cause and change the spec, or restart; it is not tried again by itself");
  }

  private Optional<Condition> condition(String type) {
    return Conditions.find(status, type);
  }

  private void state() {
    if (spec.job() == null) {
      return;
    }
    if (spec.job().upgradeMode() == UpgradeMode.Stateless) {
      add(
          INFO,
          "state",
          "job.upgradeMode is Stateless: every change begins with empty state",
          "set Savepoint and storage.baseURI if the job has state");
    } else {
      condition(Conditions.STATE_SAFE)
          .filter(c -> !c.status().equals("True"))
          .ifPresent(
              c ->
                  add(
                      WARNING,
                      "state",
                      "no restore point is known: " + c.message(),
                      "see that checkpoints complete, or take a savepoint"));
      if (spec.job().onDelete() == OnDelete.Cancel) {
        add(
            WARNING,
            "state",
            "job.onDelete is Cancel: a deletion takes no savepoint",
            "remove job.onDelete, unless that is meant");
      }
    }
    if (Boolean.TRUE.equals(spec.job().allowNonRestoredState())) {
      add(
          WARNING,
          "state",
          "job.allowNonRestoredState is set: state that no operator takes is dropped",
          "remove it once the job has been started with it");
    }
    checkpoints();
  }

  private void checkpoints() {
    var checkpoints =
        Optional.ofNullable(status).map(s -> s.job()).map(j -> j.checkpoints()).orElse(null);
    if (checkpoints == null) {
      return;
    }
    if (checkpoints.failed() != null && checkpoints.failed() > 0) {
      add(
          WARNING,
          "state",
          Text.count(checkpoints.failed(), "checkpoint") + " failed since the start",
          "see the job's exceptions and its checkpoints in the web UI");
    }
    String interval = spec.storage() == null ? null : spec.storage().checkpointInterval();
    Optional<Instant> last = Times.moment(checkpoints.lastAt());
    if (interval != null && last.isPresent() && "RUNNING".equals(status.job().state())) {
      Duration age = Duration.between(last.get(), facts.now());
      if (age.compareTo(Times.duration(interval).multipliedBy(3).plusSeconds(30)) > 0) {
        add(
            WARNING,
            "state",
            "the last checkpoint is " + Text.age(age) + " old, the interval is " + interval,
            "look for back-pressure and slow storage; a longer checkpoint holds the next one up");
      }
    }
    Optional.ofNullable(status.job().backPressure())
        .filter(b -> b.ratio() != null && Double.parseDouble(b.ratio()) >= HELD_UP)
        .ifPresent(
            b ->
                add(
                    WARNING,
                    "state",
                    b.vertex() + " is held up " + b.ratio() + " of the time",
                    "rescale the job, or look at the vertex after it"));
  }

  private void storage() {
    var storage = spec.storage();
    if (storage == null) {
      return;
    }
    if (storage.savepointInterval() != null && storage.savepointHistory() == null) {
      add(
          WARNING,
          "storage",
          "storage.savepointInterval without savepointHistory keeps every savepoint",
          "set storage.savepointHistory.maxCount");
    }
    long failing =
        Optional.ofNullable(status).map(FlinkClusterStatus::savepoints).orElse(List.of()).stream()
            .filter(s -> s.disposal() != null && s.disposal().failures() != null)
            .count();
    if (failing > 0) {
      add(
          WARNING,
          "storage",
          failing + " savepoints cannot be deleted",
          "status.savepoints tells why; the job's identity needs the right to delete");
    }
    StorageDiagnosis.of(facts, about).ifPresent(findings::add);
    facts.missing().forEach(m -> add(ERROR, "storage", m + " does not exist", "create it"));
  }

  private void network() {
    var policy = spec.networkPolicy();
    boolean on = policy == null || !Boolean.FALSE.equals(policy.enabled());
    boolean open = policy != null && policy.restFrom() != null && !policy.restFrom().isEmpty();
    if (spec.ingress() != null && on && !open) {
      add(
          WARNING,
          "network",
          "an ingress without networkPolicy.restFrom: its controller cannot reach the REST port",
          "name the namespace of the ingress controller in networkPolicy.restFrom");
    }
    if (!on) {
      add(
          INFO,
          "network",
          "networkPolicy.enabled is false: any pod can submit code through the REST API",
          "enable it and name who may reach the REST port");
    }
  }
}
