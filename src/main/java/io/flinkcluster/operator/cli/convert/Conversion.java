package io.flinkcluster.operator.cli.convert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What became of a resource.
 *
 * @param source kind and name of the resource
 * @param manifest the FlinkCluster; null: it could not become one
 * @param notes what was not carried over, or is different now, in the order of fields
 * @param problems why the operator would refuse the manifest as it is; empty: it would not
 */
public record Conversion(
    String source, ObjectNode manifest, List<Note> notes, List<String> problems) {

  /**
   * Something that a person must know or do.
   *
   * @param field of the resource that was converted
   */
  public record Note(String field, String text) {}

  /** Whether the manifest can be applied as it is. */
  public boolean usable() {
    return manifest != null && problems.isEmpty();
  }
}
