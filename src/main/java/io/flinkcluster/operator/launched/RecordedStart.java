package io.flinkcluster.operator.launched;

import io.flinkcluster.operator.api.SizeStatus;
import io.flinkcluster.operator.decide.state.RecordedState;
import io.flinkcluster.operator.model.CheckedCluster;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A start that the status knows, by what tells its spec from all others.
 *
 * @param epoch of the start
 * @param fingerprint of the spec it runs now
 * @param size that it has by now; empty: the size it was started with
 */
record RecordedStart(long epoch, String fingerprint, Optional<SizeStatus> size) {

  /** All that are recorded; one that was rescaled may be there with more than one size. */
  static List<RecordedStart> of(RecordedState recorded) {
    return Stream.of(
            recorded.launch().map(l -> of(l.epoch(), l.fingerprint(), l.size())),
            recorded.lastStable().map(l -> of(l.epoch(), l.fingerprint(), l.size())),
            recorded.operation().map(o -> of(o.epoch(), o.fingerprint(), null)))
        .flatMap(Optional::stream)
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<RecordedStart> of(Long epoch, String fingerprint, SizeStatus size) {
    return epoch == null || fingerprint == null
        ? Optional.empty()
        : Optional.of(new RecordedStart(epoch, fingerprint, Optional.ofNullable(size)));
  }

  /** Whether it was started with this spec, and at most its size has changed since. */
  boolean ran(CheckedCluster spec) {
    CheckedCluster now =
        size.filter(s -> spec.job().isPresent())
            .map(s -> spec.resized(spec.generation(), s.parallelism(), s.taskManagers()))
            .orElse(spec);
    return now.fingerprint().equals(fingerprint);
  }
}
