package io.flinkcluster.operator.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Thousands of clusters come and go in one class: what the operator logs of them is left out. */
final class Quiet implements BeforeAllCallback, AfterAllCallback {
  private static final Logger OPERATOR =
      (Logger) LoggerFactory.getLogger("io.flinkcluster.operator");

  /** Classes that run at the same time; the last of them gives the level back. */
  private static int users;

  private static Level before;

  @Override
  public void beforeAll(ExtensionContext context) {
    synchronized (Quiet.class) {
      if (users++ == 0) {
        before = OPERATOR.getLevel();
        OPERATOR.setLevel(Level.OFF);
      }
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    synchronized (Quiet.class) {
      if (--users == 0) {
        OPERATOR.setLevel(before);
      }
    }
  }
}
