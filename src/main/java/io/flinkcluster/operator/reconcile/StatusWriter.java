package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.api.FlinkClusterStatus;
import io.flinkcluster.operator.apply.EventPublisher;
import io.flinkcluster.operator.decide.Decision;
import io.flinkcluster.operator.report.EventNote;
import io.flinkcluster.operator.report.EventNotes;
import io.flinkcluster.operator.report.StatusComposer;

/**
 * Writes the status: at once where a decision rests on it, else only where it tells something new.
 */
final class StatusWriter {
  private final EventPublisher events;
  private final StatusListener listener;
  private final NewestStatus newest;

  StatusWriter(KubernetesClient client, StatusListener listener, NewestStatus newest) {
    this.events = new EventPublisher(client);
    this.listener = listener;
    this.newest = newest;
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

  /** Writes what was seen, if it differs from what was written last. */
  void report(Reconciliation pass, Decision decision) {
    FlinkClusterStatus status = compose(pass, decision);
    if (!status.equals(pass.cluster().getStatus()) && !decision.gone()) {
      write(pass, decision, status);
    }
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
