package io.flinkcluster.operator.aws;

import java.io.InputStream;

/**
 * What an object holds, to be read once and closed.
 *
 * @param body of exactly {@code length} bytes, unless the connection breaks
 * @param length in bytes
 */
public record S3Content(InputStream body, long length) {}
