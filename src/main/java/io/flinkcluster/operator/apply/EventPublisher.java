package io.flinkcluster.operator.apply;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.flinkcluster.operator.api.Reason;
import io.flinkcluster.operator.model.Ids;
import io.flinkcluster.operator.model.Labels;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes Kubernetes events. An event that cannot be published is logged and forgotten. */
public final class EventPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
  private static final int MESSAGE_LIMIT = 1024;
  private static final int NAME_PART = 45;

  private final KubernetesClient client;

  /** Publishes with this client. */
  public EventPublisher(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Publishes one event about a resource; the same key published twice gives one event.
   *
   * @param labels of the event
   * @param warning whether it is bad news
   * @param at when it happened
   */
  public void publish(
      HasMetadata about,
      Map<String, String> labels,
      boolean warning,
      Reason reason,
      String message,
      String key,
      Instant at) {
    var meta = about.getMetadata();
    String name =
        meta.getName().substring(0, Math.min(NAME_PART, meta.getName().length()))
            + "."
            + Ids.hex(meta.getUid(), reason.name(), key).substring(0, 16);
    String moment = at.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(meta.getNamespace())
            .withLabels(labels)
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(about.getApiVersion())
            .withKind(about.getKind())
            .withName(meta.getName())
            .withNamespace(meta.getNamespace())
            .withUid(meta.getUid())
            .endInvolvedObject()
            .withType(warning ? "Warning" : "Normal")
            .withReason(reason.name())
            .withMessage(message.substring(0, Math.min(MESSAGE_LIMIT, message.length())))
            .withFirstTimestamp(moment)
            .withLastTimestamp(moment)
            .withCount(1)
            .withNewSource()
            .withComponent(Labels.OPERATOR)
            .endSource()
            .withReportingComponent(Labels.OPERATOR)
            .withReportingInstance(Labels.OPERATOR)
            .build();
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != java.net.HttpURLConnection.HTTP_CONFLICT) {
        LOG.warn(
            "{}/{}: the event {} was not published: {}",
            meta.getNamespace(),
            meta.getName(),
            reason,
            Refusal.words(e));
      }
    }
  }
}
