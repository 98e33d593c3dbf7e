package io.flinkcluster.operator.observe;

import io.flinkcluster.operator.flinkrest.FlinkRest;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.FlinkObservation;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/** Signatures only; the implementation follows. */
public final class FlinkPoller implements AutoCloseable {

  public FlinkPoller(FlinkRest rest, Clock clock, Consumer<ClusterKey> onChange) {
    throw new UnsupportedOperationException("not yet " + rest + clock + onChange);
  }

  public void watch(ClusterKey key, Target target) {
    throw new UnsupportedOperationException("not yet " + key + target);
  }

  public void forget(ClusterKey key) {
    throw new UnsupportedOperationException("not yet " + key);
  }

  public Optional<FlinkObservation> latest(ClusterKey key) {
    throw new UnsupportedOperationException("not yet " + key);
  }

  @Override
  public void close() {}
}
