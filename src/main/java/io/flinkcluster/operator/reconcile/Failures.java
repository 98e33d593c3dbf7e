package io.flinkcluster.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.apply.Refusal;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a fault in the operator itself. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** The operator stops: what is seen from now on says nothing about the world. */
  static final class Stopping extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopping() {
      super("the operator stops", null, false, false);
    }
  }

  /**
   * Runs a walk. An {@code Error} becomes an exception: the SDK (5.3.2) catches only exceptions,
   * and a resource whose reconcile ended with an error is never looked at again, not even to delete
   * it.
   *
   * @return empty where somebody wrote to the resource meanwhile: nothing was done that rests on
   *     the older version, and the walk begins again with the newer one; and where the operator
   *     stops
   */
  static <T> Optional<T> guard(Supplier<T> reconcileOnce) {
    try {
      return Optional.of(reconcileOnce.get());
    } catch (Stopping e) {
      return Optional.empty();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        LOG.info("somebody else wrote meanwhile, the walk begins anew: {}", Refusal.words(e));
        return Optional.empty();
      }
      throw e;
    } catch (OutOfMemoryError e) {
      Runtime.getRuntime().halt(2);
      throw e;
    } catch (Error e) {
      throw new IllegalStateException("reconcile ended with an error", e);
    }
  }
}
