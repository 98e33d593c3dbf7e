package io.flinkcluster.operator.aws;

import java.time.Duration;

/**
 * How long S3 is waited for, and how often a call is made.
 *
 * @param connect longest time until a connection is there
 * @param silence longest time without a byte from S3
 * @param attempts how often each call is made at most, from 1; with 1 the SDK cannot put right a
 *     clock that is wrong
 * @param pause after the first attempt that failed, at most; it doubles, up to 20 s, and is ten
 *     times as long where S3 asks to come back later
 */
public record S3Timing(Duration connect, Duration silence, int attempts, Duration pause) {

  /** For what may be large. */
  public static final S3Timing USUAL =
      new S3Timing(Duration.ofSeconds(5), Duration.ofSeconds(30), 3, Duration.ofMillis(100));

  /** For small calls that are tried again by whoever makes them. */
  public static final S3Timing SHORT =
      new S3Timing(Duration.ofSeconds(5), Duration.ofSeconds(10), 2, Duration.ofMillis(100));
}
