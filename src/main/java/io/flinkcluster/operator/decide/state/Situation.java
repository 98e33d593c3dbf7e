package io.flinkcluster.operator.decide.state;

import io.flinkcluster.operator.api.LaunchStatus;
import io.flinkcluster.operator.api.OperationStatus;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterNames;
import io.flinkcluster.operator.model.Observation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a decision rests on.
 *
 * @param names names of the cluster's objects
 * @param uid uid of the resource
 * @param generation generation of the spec
 * @param admission whether the spec can be carried out
 * @param launched specs of earlier starts by epoch, as far as they could be read back
 * @param recorded what has been recorded
 * @param seen the world
 * @param wishes what annotations ask for
 * @param refusals what the API server said against objects that were just to be applied, or against
 *     the last acts of a deletion
 */
public record Situation(
    ClusterNames names,
    String uid,
    long generation,
    Admission admission,
    Map<Long, CheckedCluster> launched,
    RecordedState recorded,
    Observation seen,
    Wishes wishes,
    List<String> refusals) {

  /**
   * What annotations and deletion ask for.
   *
   * @param planOnly changes are only planned
   * @param savepoint token of a wanted savepoint
   * @param restart token of a wanted restart
   * @param deleting whether the resource is being deleted
   */
  public record Wishes(
      boolean planOnly, Optional<String> savepoint, Optional<String> restart, boolean deleting) {}

  /**
   * The spec that is wanted, if it can be carried out: with the size that was chosen for it, where
   * one was.
   */
  public Optional<CheckedCluster> wanted() {
    return asWritten().map(spec -> Sizes.chosen(recorded, spec));
  }

  /** The spec as the user wrote it, if it can be carried out. */
  public Optional<CheckedCluster> asWritten() {
    return admission instanceof Admission.Accepted accepted
        ? Optional.of(accepted.cluster())
        : Optional.empty();
  }

  /**
   * The spec with this fingerprint that the start of this epoch runs or is to run: as it was
   * remembered for that start, else the wanted one, which has what may change without a restart as
   * it is wanted now, else for another start of the same spec. Empty where all of these are gone.
   */
  public Optional<CheckedCluster> spec(long epoch, String fingerprint) {
    return Optional.ofNullable(launched.get(epoch))
        .map(spec -> Sizes.now(recorded, epoch, spec))
        .or(() -> wanted().filter(spec -> spec.fingerprint().equals(fingerprint)))
        .or(
            () ->
                launched.entrySet().stream()
                    .map(e -> Sizes.now(recorded, e.getKey(), e.getValue()))
                    .filter(spec -> spec.fingerprint().equals(fingerprint))
                    .findFirst());
  }

  /** The same with this in its place. */
  public Situation withRefusals(List<String> refusals) {
    return new Situation(
        names, uid, generation, admission, launched, recorded, seen, wishes, refusals);
  }

  /** The same with this in its place. */
  public Situation withRecorded(RecordedState recorded) {
    return new Situation(
        names, uid, generation, admission, launched, recorded, seen, wishes, refusals);
  }

  /** The current start; to be asked where there is one. */
  public LaunchStatus launch() {
    return recorded.launch().orElseThrow();
  }

  /** The operation under way; to be asked where there is one. */
  public OperationStatus operation() {
    return recorded.operation().orElseThrow();
  }

  /** The spec that the current start runs; empty where it was lost. */
  public Optional<CheckedCluster> running() {
    return recorded.launch().flatMap(l -> spec(l.epoch(), l.fingerprint()));
  }

  /**
   * The spec that the operation under way is to start; empty where it starts none, or it is lost.
   */
  public Optional<CheckedCluster> next() {
    return recorded
        .operation()
        .filter(o -> o.epoch() != null)
        .flatMap(o -> spec(o.epoch(), o.fingerprint()));
  }

  /** The moment of the observation; the only clock that decisions know. */
  public Instant now() {
    return seen.at();
  }
}
