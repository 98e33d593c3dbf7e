package io.flinkcluster.operator.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What one start of a cluster has in storage, and whether anything needs it.
 *
 * @param path of a directory that belongs to this start alone
 * @param epoch of the start
 * @param files how many are in it, from 0
 * @param bytes of all of them
 * @param written when one of them was written last, RFC 3339 in UTC; empty: there is none
 * @param needed whether it stays
 * @param why in words
 * @param deleted whether it was deleted now
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record StartDirectory(
    String path,
    long epoch,
    long files,
    long bytes,
    String written,
    boolean needed,
    String why,
    boolean deleted) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the lines of a pod's log begin with that are one of these. */
  private static final String MARK = "directory: ";

  /** As a line of a log. */
  public String line() {
    try {
      return MARK + JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those that a log tells of, in its order; lines that are something else are left out. */
  public static List<StartDirectory> parse(String log) {
    return log.lines()
        .filter(line -> line.startsWith(MARK))
        .map(line -> line.substring(MARK.length()))
        .map(StartDirectory::one)
        .toList();
  }

  private static StartDirectory one(String json) {
    try {
      return JSON.readValue(json, StartDirectory.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same, now deleted. */
  public StartDirectory withDeleted() {
    return new StartDirectory(path, epoch, files, bytes, written, needed, why, true);
  }
}
