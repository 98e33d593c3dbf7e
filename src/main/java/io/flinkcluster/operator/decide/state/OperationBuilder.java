package io.flinkcluster.operator.decide.state;

import io.flinkcluster.operator.api.OperationRecord;
import io.flinkcluster.operator.api.OperationResult;
import io.flinkcluster.operator.api.OperationStage;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.api.OperationType;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.api.SizeStatus;
import io.flinkcluster.operator.api.StepStatus;
import io.flinkcluster.operator.api.TriggerKind;
import io.flinkcluster.operator.model.SafeText;
import io.flinkcluster.operator.model.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An operation being written. Mutable, lives within one decision. */
public final class OperationBuilder {
  /** Steps that are told: the first of an operation, and its last ones. */
  private static final int MOST_STEPS = 24;

  private static final int FIRST_STEPS = 8;

  private static final int MESSAGE_LIMIT = 1024;

  private final Instant at;
  private String id;
  private OperationType type;
  private String trigger;
  private TriggerKind triggerKind;
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
  private Boolean preparesJobManager;
  private Integer retries;
  private Reason reason;
  private List<StepStatus> steps = new ArrayList<>();
  private String message;

  private OperationBuilder(Instant at) {
    this.at = at;
  }

  public static OperationBuilder begin(
      OperationType type, String id, Instant at, Duration timeout) {
    var operation = new OperationBuilder(at);
    operation.id = id;
    operation.type = type;
    operation.startedAt = Times.text(at);
    operation.deadline = Times.text(at.plus(timeout));
    return operation;
  }

  public static OperationBuilder of(OperationStatus o, Instant at) {
    var operation = new OperationBuilder(at);
    operation.id = o.id();
    operation.type = o.type();
    operation.trigger = o.trigger();
    operation.triggerKind = o.triggerKind();
    operation.fromGeneration = o.fromGeneration();
    operation.toGeneration = o.toGeneration();
    operation.stage = o.stage();
    operation.startedAt = o.startedAt();
    operation.deadline = o.deadline();
    operation.epoch = o.epoch();
    operation.fingerprint = o.fingerprint();
    operation.triggerId = o.triggerId();
    operation.directory = o.savepointDirectory();
    operation.savepoint = o.savepoint();
    operation.stoppedAt = o.stoppedAt();
    operation.size = o.size();
    operation.preparesJobManager = o.preparesJobManager();
    operation.retries = o.retries();
    operation.reason = o.reason();
    operation.steps = new ArrayList<>(o.steps() == null ? List.of() : o.steps());
    operation.message = o.message();
    return operation;
  }

  public OperationBuilder id(String id) {
    this.id = id;
    return this;
  }

  /** Why it is begun, for programs and for people. */
  public OperationBuilder trigger(TriggerKind kind, String text) {
    this.triggerKind = kind;
    this.trigger = shortened(text);
    return this;
  }

  /** It is tried again because of this. */
  public OperationBuilder retry(Reason why) {
    this.retries = retries() + 1;
    this.reason = why;
    return this;
  }

  /** It goes on, and this is what could not be done. */
  public OperationBuilder because(Reason why) {
    this.reason = why;
    return this;
  }

  /** How often it was tried again. */
  public int retries() {
    return retries == null ? 0 : retries;
  }

  /** Tries are counted from the beginning. */
  public OperationBuilder firstTry() {
    this.retries = null;
    this.reason = null;
    return this;
  }

  public OperationBuilder generations(Long from, Long to) {
    this.fromGeneration = from;
    this.toGeneration = to;
    return this;
  }

  public OperationBuilder target(Long epoch, String fingerprint) {
    this.epoch = epoch;
    this.fingerprint = fingerprint;
    return this;
  }

  /**
   * What an operation takes over from the one it follows: the point that nothing may fall behind.
   */
  public OperationBuilder inherit(OperationStatus earlier) {
    this.triggerId = earlier.triggerId();
    this.directory = earlier.savepointDirectory();
    this.savepoint = earlier.savepoint();
    this.stoppedAt = earlier.stoppedAt();
    return this;
  }

  public OperationBuilder asking(String triggerId, String directory) {
    this.triggerId = triggerId;
    this.directory = directory;
    return this;
  }

  public OperationBuilder savepoint(String path) {
    this.savepoint = path;
    return this;
  }

  public OperationBuilder stoppedAt(Instant moment) {
    this.stoppedAt = Times.text(moment);
    return this;
  }

  public OperationBuilder size(SizeStatus size) {
    this.size = size;
    return this;
  }

  /**
   * Enters the stage in which pods of the next start come up beside what runs.
   *
   * @param jobManager whether its JobManager is among them
   */
  public OperationBuilder preparing(boolean jobManager) {
    this.preparesJobManager = jobManager ? true : null;
    return stage(OperationStage.Preparing);
  }

  /** Whether it starts no JobManager, since it changes the size of the job in place. */
  public boolean inPlace() {
    return type == OperationType.RescaleInPlace;
  }

  /** The JobManager of the next start is made when the old one is gone, and not before. */
  public OperationBuilder withoutPreparedJobManager() {
    this.preparesJobManager = null;
    return this;
  }

  public OperationBuilder message(String message) {
    this.message = shortened(message);
    return this;
  }

  /** Enters a stage; the one before ends now. */
  public OperationBuilder stage(OperationStage next) {
    closeStep();
    this.stage = next;
    this.message = null;
    steps.add(new StepStatus(next, Times.text(at), null, null));
    if (steps.size() > MOST_STEPS) {
      steps.remove(FIRST_STEPS); // what is tried again and again must not fill the status
    }
    return this;
  }

  /** What holds the present stage up; stays with it when the operation has gone on. */
  public OperationBuilder heldUp(String why) {
    step(why);
    return message == null ? message(why) : this;
  }

  /** What happened in the last step, for people. */
  public OperationBuilder step(String what) {
    StepStatus last = steps.remove(steps.size() - 1);
    steps.add(new StepStatus(last.name(), last.startedAt(), last.duration(), shortened(what)));
    return this;
  }

  public OperationStatus status() {
    return new OperationStatus(
        id,
        type,
        trigger,
        triggerKind,
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
        preparesJobManager,
        retries,
        null,
        List.copyOf(steps),
        message,
        reason);
  }

  public OperationRecord end(
      OperationResult result, Reason cause, String why, Optional<Instant> allRunningSince) {
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
        triggerKind,
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
        why == null ? null : shortened(why),
        cause);
  }

  private void closeStep() {
    if (steps.isEmpty() || steps.get(steps.size() - 1).duration() != null) {
      return;
    }
    StepStatus last = steps.remove(steps.size() - 1);
    Instant began = Times.moment(last.startedAt()).orElse(at);
    steps.add(
        new StepStatus(
            last.name(),
            last.startedAt(),
            Times.text(Duration.between(began, at)),
            last.message()));
  }

  private static String shortened(String text) {
    return SafeText.shortened(text, MESSAGE_LIMIT);
  }
}
