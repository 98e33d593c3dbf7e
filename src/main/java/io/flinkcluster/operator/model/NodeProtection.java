package io.flinkcluster.operator.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The annotations of a pod that keep its node from being taken away.
 *
 * @param marked whether the operator has put some on it
 * @param own keys that it has put on it and that still have its value
 * @param free keys that nobody has set, not even to another value
 */
public record NodeProtection(boolean marked, List<String> own, List<String> free) {

  /** Of a pod of which nothing is known: nothing is to be put on it, or taken off. */
  public static final NodeProtection NONE = new NodeProtection(false, List.of(), List.of());

  private static final List<String> KEYS = List.of(Labels.DO_NOT_DISRUPT, Labels.SAFE_TO_EVICT);

  /** As the annotations of a pod say. */
  public static NodeProtection of(Map<String, String> annotations) {
    String mark = annotations.get(Labels.PROTECTED);
    List<String> put = mark == null ? List.of() : List.of(mark.split(" "));
    var own = new ArrayList<String>();
    var free = new ArrayList<String>();
    for (String key : KEYS) {
      String value = annotations.get(key);
      if (value == null) {
        free.add(key);
      } else if (put.contains(key) && value.equals(value(key))) {
        own.add(key);
      }
    }
    return new NodeProtection(mark != null, List.copyOf(own), List.copyOf(free));
  }

  /** What the operator sets this key to. */
  public static String value(String key) {
    return key.equals(Labels.SAFE_TO_EVICT) ? "false" : "true";
  }
}
