package io.flinkcluster.operator.simulation;

import java.io.IOException;

/** Nothing leaves a process that is dead. */
final class Dead extends IOException {
  private static final long serialVersionUID = 1L;

  Dead() {
    super("dead");
  }
}
