package io.flinkcluster.operator.fetch;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Where directories of Flink lie. Paths are as Flink writes them, {@code s3://bucket/a} or {@code
 * file:/a}, without a slash at their end.
 */
interface Store extends AutoCloseable {

  /**
   * The names of the directories directly in this one; empty: it does not exist.
   *
   * @throws Fault where it cannot be told
   */
  List<String> folders(String directory) throws Fault;

  /**
   * What lies below a directory, at any depth.
   *
   * @throws Fault where it cannot be told
   */
  Contents contents(String directory) throws Fault;

  /**
   * Reads a file; empty: there is none.
   *
   * @throws Fault where it cannot be told
   */
  Optional<InputStream> open(String file) throws Fault;

  /**
   * Deletes a directory with all that is in it.
   *
   * @throws Fault where something is left
   */
  void delete(String directory) throws Fault;

  @Override
  void close();
}
