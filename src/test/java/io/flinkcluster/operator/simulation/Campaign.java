package io.flinkcluster.operator.simulation;

/** How much is tried: some in every run, all with the profile {@code campaign}. */
public final class Campaign {
  private Campaign() {}

  public static boolean on() {
    return Boolean.getBoolean("campaign");
  }

  /** How many runs of each kind there are where not all are made. */
  public static int sample() {
    return sample(20);
  }

  /**
   * How many runs of each kind there are where not all are made.
   *
   * @param unlessGiven without {@code -Dproof.sample}
   */
  public static int sample(int unlessGiven) {
    return Integer.getInteger("proof.sample", unlessGiven);
  }

  /** Chooses samples; {@code -Dproof.seed} replays those of an earlier run. */
  public static long seed() {
    return Long.getLong("proof.seed", 20260101L);
  }
}
