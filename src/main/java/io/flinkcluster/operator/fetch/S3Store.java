package io.flinkcluster.operator.fetch;

import io.flinkcluster.operator.aws.S3Access;
import io.flinkcluster.operator.aws.S3Failure;
import io.flinkcluster.operator.aws.S3Objects;
import io.flinkcluster.operator.aws.S3Uri;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Directories on S3. */
final class S3Store implements Store {

  private final S3Objects objects;

  S3Store(S3Access access) {
    objects = S3Objects.connect(access);
  }

  @Override
  public List<String> folders(String directory) throws Fault {
    try {
      return objects.folders(S3Uri.parse(directory));
    } catch (S3Failure e) {
      throw Fault.of(e);
    }
  }

  @Override
  public Contents contents(String directory) throws Fault {
    S3Uri folder = S3Uri.parse(directory);
    // As it was asked for, so that what is found can be compared: s3, s3a and s3p are one place.
    String bucket = directory.substring(0, directory.length() - folder.key().length());
    var count = new Contents.Count();
    try {
      objects.tree().each(folder, o -> count.add(bucket + o.key(), o.bytes(), o.written()));
      return count.contents();
    } catch (S3Failure e) {
      throw Fault.of(e);
    }
  }

  @Override
  public Optional<InputStream> open(String file) throws Fault {
    S3Uri object = S3Uri.parse(file);
    try {
      // Who may not list a bucket is told of a missing object that it may not be read.
      return objects.exists(object) ? Optional.of(objects.open(object).body()) : Optional.empty();
    } catch (S3Failure e) {
      throw Fault.of(e);
    }
  }

  @Override
  public void delete(String directory) throws Fault {
    try {
      objects.tree().deleteAll(S3Uri.parse(directory).asFolder());
    } catch (S3Failure e) {
      throw Fault.of(e);
    }
  }

  @Override
  public void close() {
    objects.close();
  }
}
