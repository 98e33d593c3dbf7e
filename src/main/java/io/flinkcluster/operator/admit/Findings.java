package io.flinkcluster.operator.admit;

import io.flinkcluster.operator.model.Problem;
import java.util.ArrayList;
import java.util.List;

/** Collects what the rules find. */
final class Findings {

  private static final int SHOWN = 120;

  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  /** Refuses the resource. The value is left empty where it is missing or secret. */
  void refuse(String field, Object value, String reason, String remedy) {
    problems.add(problem(field, value, reason, remedy));
  }

  /** Lets the resource pass, with a word. */
  void warn(String field, Object value, String reason, String remedy) {
    warnings.add(problem(field, value, reason, remedy));
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  List<Problem> warnings() {
    return List.copyOf(warnings);
  }

  private static Problem problem(String field, Object value, String reason, String remedy) {
    String text = value == null ? "" : value.toString().replaceAll("\\p{Cntrl}", "?");
    String cut = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    return new Problem(field, cut, reason, remedy);
  }
}
