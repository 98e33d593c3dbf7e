package io.flinkcluster.operator.api;

/** Over which availability zones the pods of one start are spread. */
public enum ZonePlacement {
  /** Wherever the scheduler finds room. */
  Any,
  /** All of them in one zone, whichever the first finds room in. */
  Same,
  /** The TaskManagers evenly over all zones, as far as there is room. */
  Spread
}
