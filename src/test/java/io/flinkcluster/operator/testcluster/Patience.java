package io.flinkcluster.operator.testcluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.NoSuchElementException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * How long tests wait for what must come. A test that passes never waits so long; a machine with
 * other work to do may take ten times what an idle one does.
 */
public final class Patience implements BeforeAllCallback {
  public static final Duration LONG = Duration.ofMinutes(3);

  /**
   * Whether this tells of what is not there yet: a part of a status, an entry of a list, an object
   * that the API server does not know. Each wait takes that as a no and asks again; what never
   * comes is told as its cause when the wait has ended.
   */
  private static boolean isNotThereYet(Throwable absence) {
    return absence instanceof NullPointerException
        || absence instanceof NoSuchElementException
        || absence instanceof IndexOutOfBoundsException
        || absence instanceof KubernetesClientException;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    takeEffect();
  }

  /** For all waits of this process from now on; a program without JUnit calls it itself. */
  public static void takeEffect() {
    Awaitility.setDefaultTimeout(LONG);
    Awaitility.ignoreExceptionsByDefaultMatching(Patience::isNotThereYet);
  }
}
