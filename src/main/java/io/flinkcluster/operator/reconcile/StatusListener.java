package io.flinkcluster.operator.reconcile;

import io.flinkcluster.operator.api.FlinkClusterStatus;

/** Is told of what is written into statuses; must return at once. */
public interface StatusListener {

  /** Nobody listens. */
  StatusListener NONE =
      new StatusListener() {
        @Override
        public void decided(String rule) {}

        @Override
        public void written(FlinkClusterStatus before, FlinkClusterStatus after) {}
      };

  /**
   * A decision was written down, before anything of it is done.
   *
   * @param rule name of the rule that decided
   */
  void decided(String rule);

  /**
   * A status was written.
   *
   * @param before as it was read; null where there was none
   */
  void written(FlinkClusterStatus before, FlinkClusterStatus after);
}
