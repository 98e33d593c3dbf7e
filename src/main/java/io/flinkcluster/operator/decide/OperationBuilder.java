package io.flinkcluster.operator.decide;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.SizeStatus;
import io.flinkcluster.operator.api.StepStatus;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An operation being written. Mutable, lives within one decision. */
final class OperationBuilder {
  private static final int MESSAGE_LIMIT = 1024;

  private final Instant at;
  private String id;
  private OperationType type;
  private String trigger;
  private Long fromGeneration;
  private Long toGeneration;
  private OperationStage stage;
  private String startedAt;
  private String deadline;
  private Long epoch;
  private String fingerprint;
  private String triggerId;
  private String directory;
  private String savepoint;
  private String stoppedAt;
  private SizeStatus size;
  private List<StepStatus> steps = new ArrayList<>();
  private String message;

  private OperationBuilder(Instant at) {
    this.at = at;
  }

  static OperationBuilder begin(OperationType type, String id, Instant at, Duration timeout) {
    var draft = new OperationBuilder(at);
    draft.id = id;
    draft.type = type;
    draft.startedAt = Times.text(at);
    draft.deadline = Times.text(at.plus(timeout));
    return draft;
  }

  static OperationBuilder of(OperationStatus o, Instant at) {
    var draft = new OperationBuilder(at);
    draft.id = o.id();
    draft.type = o.type();
    draft.trigger = o.trigger();
    draft.fromGeneration = o.fromGeneration();
    draft.toGeneration = o.toGeneration();
    draft.stage = o.stage();
    draft.startedAt = o.startedAt();
    draft.deadline = o.deadline();
    draft.epoch = o.epoch();
    draft.fingerprint = o.fingerprint();
    draft.triggerId = o.triggerId();
    draft.directory = o.savepointDirectory();
    draft.savepoint = o.savepoint();
    draft.stoppedAt = o.stoppedAt();
    draft.size = o.size();
    draft.steps = new ArrayList<>(o.steps() == null ? List.of() : o.steps());
    draft.message = o.message();
    return draft;
  }

  OperationBuilder id(String id) {
    this.id = id;
    return this;
  }

  OperationBuilder trigger(String trigger) {
    this.trigger = shortened(trigger);
    return this;
  }

  OperationBuilder generations(Long from, Long to) {
    this.fromGeneration = from;
    this.toGeneration = to;
    return this;
  }

  OperationBuilder target(Long epoch, String fingerprint) {
    this.epoch = epoch;
    this.fingerprint = fingerprint;
    return this;
  }

  /**
   * What an operation takes over from the one it follows: the point that nothing may fall behind.
   */
  OperationBuilder inherit(OperationStatus earlier) {
    this.triggerId = earlier.triggerId();
    this.directory = earlier.savepointDirectory();
    this.savepoint = earlier.savepoint();
    this.stoppedAt = earlier.stoppedAt();
    return this;
  }

  OperationBuilder asking(String triggerId, String directory) {
    this.triggerId = triggerId;
    this.directory = directory;
    return this;
  }

  OperationBuilder savepoint(String path) {
    this.savepoint = path;
    return this;
  }

  OperationBuilder stoppedAt(Instant moment) {
    this.stoppedAt = Times.text(moment);
    return this;
  }

  OperationBuilder size(SizeStatus size) {
    this.size = size;
    return this;
  }

  OperationBuilder message(String message) {
    this.message = shortened(message);
    return this;
  }

  /** Enters a stage; the one before ends now. */
  OperationBuilder stage(OperationStage next) {
    closeStep();
    this.stage = next;
    this.message = null;
    steps.add(new StepStatus(next, Times.text(at), null));
    return this;
  }

  OperationStatus status() {
    return new OperationStatus(
        id,
        type,
        trigger,
        fromGeneration,
        toGeneration,
        stage,
        startedAt,
        deadline,
        epoch,
        fingerprint,
        triggerId,
        directory,
        savepoint,
        stoppedAt,
        size,
        List.copyOf(steps),
        message);
  }

  OperationRecord end(OperationResult result, String why, Optional<Instant> allRunningSince) {
    closeStep();
    String downtime =
        allRunningSince
            .flatMap(up -> Times.moment(stoppedAt).map(down -> Duration.between(down, up)))
            .map(Times::text)
            .orElse(null);
    return new OperationRecord(
        id,
        type,
        trigger,
        fromGeneration,
        toGeneration,
        epoch,
        fingerprint,
        startedAt,
        Times.text(at),
        result,
        savepoint,
        downtime,
        List.copyOf(steps),
        why == null ? null : shortened(why));
  }

  private void closeStep() {
    if (steps.isEmpty() || steps.get(steps.size() - 1).duration() != null) {
      return;
    }
    StepStatus last = steps.remove(steps.size() - 1);
    Instant began = Times.moment(last.startedAt()).orElse(at);
    steps.add(
        new StepStatus(last.name(), last.startedAt(), Times.text(Duration.between(began, at))));
  }

  private static String shortened(String text) {
    return text.length() <= MESSAGE_LIMIT ? text : text.substring(0, MESSAGE_LIMIT - 1) + "…";
  }
}
