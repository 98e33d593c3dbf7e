package io.flinkcluster.operator.report;

import io.flinkcluster.operator.api.Reason;

/**
 * Something that happened, to be published as a Kubernetes event.
 *
 * @param warning whether it is bad news
 * @param key what makes it the same event when it is published twice
 */
public record EventNote(boolean warning, Reason reason, String message, String key) {}
