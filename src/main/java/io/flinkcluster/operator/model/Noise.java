package io.flinkcluster.operator.model;

/** Which measurements of a running job are the same for everybody who is told of them. */
public final class Noise {
  /** Back pressure that differs by less is the same; a share of time. */
  private static final double SHARE = 0.1;

  /** A lag that differs by no more is the same; a share of the former lag. */
  private static final double LAG = 0.2;

  /** So many records come and go between two looks at any job. */
  private static final long RECORDS = 100;

  private Noise() {}

  /** Whether back pressure is still as it was told; both are shares of time. */
  public static boolean samePressure(double told, double now) {
    return Math.abs(told - now) < SHARE;
  }

  /**
   * Whether a lag is still as it was told; both are numbers of records. That none is left is always
   * told: people wait for it.
   */
  public static boolean sameLag(long told, long now) {
    return told == now
        || now != 0 && Math.abs(told - now) <= Math.max(RECORDS, (long) (LAG * told));
  }
}
