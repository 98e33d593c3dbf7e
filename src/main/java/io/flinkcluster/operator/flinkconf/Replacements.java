package io.flinkcluster.operator.flinkconf;

import java.util.Map;
import java.util.Optional;

/**
 * What took the place of options that a later version removed without reading them under another
 * name. Source: the release notes of Flink 2.0 to 2.3 and the Javadoc of the removed constants.
 */
final class Replacements {

  private static final String SERIALIZATION = "use pipeline.serialization-config";
  private static final String REGISTRATION =
      "use cluster.registration.initial-timeout, cluster.registration.max-timeout and"
          + " cluster.registration.refused-registration-delay";
  private static final String OWN_BUFFERS = "remove it, Flink sets its buffers itself";

  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("cluster.evenly-spread-out-slots", "use taskmanager.load-balance.mode: SLOTS"),
          Map.entry("security.ssl.enabled", "use security.ssl.internal.enabled"),
          Map.entry("web.ssl.enabled", "remove it, TLS of the REST API is not supported yet"),
          Map.entry("pipeline.auto-type-registration", SERIALIZATION),
          Map.entry("pipeline.default-kryo-serializers", SERIALIZATION),
          Map.entry("pipeline.registered-kryo-types", SERIALIZATION),
          Map.entry("pipeline.registered-pojo-types", SERIALIZATION),
          Map.entry("pipeline.time-characteristic", "remove it, event time needs no switch"),
          Map.entry("state.backend.async", "remove it, snapshots are always asynchronous"),
          Map.entry("taskmanager.registration.initial-backoff", REGISTRATION),
          Map.entry("taskmanager.registration.max-backoff", REGISTRATION),
          Map.entry("taskmanager.registration.refused-backoff", REGISTRATION),
          Map.entry("table.exec.shuffle-mode", "use execution.batch-shuffle-mode"),
          Map.entry(
              "table.exec.legacy-transformation-uids", "use table.exec.uid.generation: DISABLED"),
          Map.entry(
              "fine-grained.shuffle-mode.all-blocking",
              "use execution.batch-shuffle-mode: ALL_EXCHANGES_BLOCKING"),
          Map.entry(
              "taskmanager.network.batch-shuffle.compression.enabled",
              "use taskmanager.network.compression.codec"),
          Map.entry("taskmanager.network.memory.buffers-per-channel", OWN_BUFFERS),
          Map.entry("taskmanager.network.memory.floating-buffers-per-gate", OWN_BUFFERS),
          Map.entry("taskmanager.network.memory.max-buffers-per-channel", OWN_BUFFERS),
          Map.entry("taskmanager.network.memory.max-overdraft-buffers-per-gate", OWN_BUFFERS),
          Map.entry(
              "taskmanager.network.numberOfBuffers", "use taskmanager.memory.network.fraction"),
          Map.entry("traces.report-events-as-spans", "use events.reporters"));

  private Replacements() {}

  static Optional<String> of(String key) {
    return Optional.ofNullable(INSTEAD.get(key));
  }

  static Map<String, String> all() {
    return INSTEAD;
  }
}
