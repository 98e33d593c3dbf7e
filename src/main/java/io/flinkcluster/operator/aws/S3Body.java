package io.flinkcluster.operator.aws;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.core.exception.SdkException;

/** Tells of a wrong checksum as of any other fault of a transfer. */
final class S3Body extends FilterInputStream {

  S3Body(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (SdkException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      return super.read(buffer, offset, length);
    } catch (SdkException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
