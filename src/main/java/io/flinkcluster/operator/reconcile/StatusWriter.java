package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.apply.EventPublisher;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.report.EventNote;
import io.flinkcluster.operator.report.EventNotes;
import io.flinkcluster.operator.report.Progress;
import io.flinkcluster.operator.report.Remarks;
import io.flinkcluster.operator.report.StatusComposer;
import java.time.Duration;

/**
 * Writes the status: at once where a decision rests on it, else only where it tells something new;
 * that of checkpoints of many clusters by turns, and remarks with what is told next.
 */
final class StatusWriter {
  private final EventPublisher events;
  private final StatusListener listener;
  private final NewestStatus newest;
  private final ProgressPace progress;
  private final RemarkPace remarks;

  StatusWriter(
      KubernetesClient client,
      StatusListener listener,
      NewestStatus newest,
      ProgressPace progress,
      RemarkPace remarks) {
    this.events = new EventPublisher(client);
    this.listener = listener;
    this.newest = newest;
    this.progress = progress;
    this.remarks = remarks;
  }

  /**
   * Writes down what is intended, on the condition that nobody wrote since it was read.
   *
   * @return the resource as the server has it now
   */
  FlinkCluster record(Reconciliation pass, Decision decision) {
    DecisionLog.decided(pass, decision);
    listener.decided(decision.rule());
    return write(pass, decision, compose(pass, decision));
  }

  /**
   * How long it may wait that a decision is written down, since it tells of nothing but a newer
   * checkpoint.
   *
   * @return zero: not at all
   */
  Duration mayWait(Reconciliation pass, Decision decision) {
    Duration left = progress(pass, decision);
    boolean waits =
        !left.isZero() && Progress.only(pass.cluster().getStatus(), compose(pass, decision));
    return waits ? left : Duration.ZERO;
  }

  private Duration progress(Reconciliation pass, Decision decision) {
    return pass.running(decision.recorded())
        .map(running -> progress.left(Sources.key(pass.cluster()), running))
        .orElse(Duration.ZERO);
  }

  /**
   * Writes what was seen, if it differs from what was written last.
   *
   * @return the decision, to be made anew when it is time to write what waits
   */
  Decision report(Reconciliation pass, Decision decision) {
    FlinkClusterStatus before = pass.cluster().getStatus();
    FlinkClusterStatus status = compose(pass, decision);
    if (status.equals(before) || decision.gone()) {
      remarks.forget(Sources.key(pass.cluster())); // what waited is as it was
      return decision;
    }
    Duration left = Duration.ZERO;
    if (Progress.only(before, status)) {
      left = progress(pass, decision);
    } else if (Remarks.only(before, status)) {
      left = remarks.left(Sources.key(pass.cluster()));
    }
    if (!left.isZero()) {
      return decision.within(left);
    }
    write(pass, decision, status);
    return decision;
  }

  private static FlinkClusterStatus compose(Reconciliation pass, Decision decision) {
    var s = pass.situation();
    return StatusComposer.compose(
        pass.cluster().getStatus(),
        s.names(),
        s.generation(),
        s.admission(),
        pass.running(decision.recorded()),
        pass.configuration(decision.recorded()),
        decision,
        s.seen(),
        pass.paused());
  }

  private FlinkCluster write(Reconciliation pass, Decision decision, FlinkClusterStatus status) {
    var meta = pass.cluster().getMetadata();
    var fresh = new FlinkCluster();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withName(meta.getName())
            .withNamespace(meta.getNamespace())
            .withUid(meta.getUid())
            .withResourceVersion(meta.getResourceVersion())
            .build());
    fresh.setStatus(status);
    FlinkCluster written = pass.context().resourceOperations().serverSideApplyPrimaryStatus(fresh);
    newest.written(written);
    progress.written(Sources.key(written));
    remarks.forget(Sources.key(written));
    listener.written(pass.cluster().getStatus(), status);
    for (EventNote note : EventNotes.between(pass.cluster().getStatus(), status)) {
      DecisionLog.happened(pass, decision, note);
      events.publish(
          pass.cluster(),
          pass.childMetadata().labels(),
          note.warning(),
          note.reason(),
          note.message(),
          note.key(),
          pass.situation().seen().at());
    }
    return written;
  }
}
