package io.flinkcluster.operator.simulation;

/** How much is tried: some in every run, all with the profile {@code campaign}. */
final class Campaign {
  private Campaign() {}

  static boolean on() {
    return Boolean.getBoolean("campaign");
  }

  /** How many runs of each kind there are where not all are made. */
  static int sample() {
    return Integer.getInteger("proof.sample", 20);
  }

  /** Chooses samples; {@code -Dproof.seed} replays those of an earlier run. */
  static long seed() {
    return Long.getLong("proof.seed", 20260101L);
  }
}
