package io.flinkcluster.operator.bench;

/** Does nothing for so many milliseconds: what no Java program can be below. */
final class Idle {
  private Idle() {}

  public static void main(String[] milliseconds) throws InterruptedException {
    Thread.sleep(Long.parseLong(milliseconds[0]));
  }
}
