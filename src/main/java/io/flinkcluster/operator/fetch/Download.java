package io.flinkcluster.operator.fetch;

import java.io.InputStream;

/**
 * What a server sends, to be read once and closed.
 *
 * @param body the bytes
 * @param length how many it announced; -1: it did not say
 */
record Download(InputStream body, long length) {}
