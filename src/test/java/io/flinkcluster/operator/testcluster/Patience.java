package io.flinkcluster.operator.testcluster;

import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long tests wait for what must come. A test that passes never waits so long; a machine with
 * other work to do may take ten times what an idle one does.
 */
public final class Patience implements BeforeAllCallback {
  public static final Duration LONG = Duration.ofMinutes(3);

  /** The same question, where a part of the status that is not there yet answers no. */
  public static <T> Predicate<T> whenPresent(Predicate<T> wanted) {
    return status -> {
      try {
        return wanted.test(status);
      } catch (NullPointerException absent) {
        return false;
      }
    };
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LONG);
  }
}
