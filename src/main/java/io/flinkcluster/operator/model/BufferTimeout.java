package io.flinkcluster.operator.model;

/**
 * How long a record may wait in a network buffer.
 *
 * @param millis {@code -1}: only full buffers are sent; {@code 0}: after every record; else
 *     milliseconds
 */
public record BufferTimeout(long millis) {}
