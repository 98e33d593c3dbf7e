package io.flinkcluster.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.flinkcluster.operator.model.Labels;
import io.flinkcluster.operator.model.ObjectOwner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away a label that earlier versions of the operator gave to every object, also from those
 * that no decision speaks of any more: specs of earlier starts, and the memory of a final
 * savepoint.
 *
 * @see Labels#INSTANCE
 */
public final class EarlierLabels {
  private static final Logger LOG = LoggerFactory.getLogger(EarlierLabels.class);

  private final KubernetesClient client;

  /** Patches with this client. */
  public EarlierLabels(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Takes it away where there is no owner reference. No pod is touched by it, and nothing is asked
   * where it is not carried.
   *
   * @param object with the operator's labels
   * @return the object as it was given
   */
  public HasMetadata removedFrom(HasMetadata object) {
    var meta = object.getMetadata();
    if (meta.getOwnerReferences().isEmpty()
        && meta.getDeletionTimestamp() == null
        && ObjectOwner.labels(object).containsKey(Labels.INSTANCE)) {
      remove(object);
    }
    return object;
  }

  private void remove(HasMetadata object) {
    var meta = object.getMetadata();
    try {
      client
          .resource(object)
          .patch(
              PatchContext.of(PatchType.JSON_MERGE),
              "{\"metadata\":{\"uid\":\"%s\",\"labels\":{\"%s\":null}}}"
                  .formatted(meta.getUid(), Labels.INSTANCE));
      LOG.info(
          "{}/{}: the label {} is taken from {}",
          meta.getNamespace(),
          meta.getName(),
          Labels.INSTANCE,
          object.getKind());
    } catch (KubernetesClientException e) {
      LOG.warn(
          "{}/{}: the label {} was not taken from {}: {}",
          meta.getNamespace(),
          meta.getName(),
          Labels.INSTANCE,
          object.getKind(),
          Refusal.words(e));
    }
  }
}
