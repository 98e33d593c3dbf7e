package io.flinkcluster.operator.model;

import java.util.Optional;

/**
 * An application that has ended: its main method, and all jobs that it submitted.
 *
 * @param state Flink's state of the application: {@code FINISHED}, {@code FAILED} or {@code
 *     CANCELED}
 * @param jobs how many jobs it had submitted
 * @param failure why, one line, at most 500 characters; empty: it has not failed
 */
public record ObservedApplication(String state, int jobs, Optional<String> failure) {}
