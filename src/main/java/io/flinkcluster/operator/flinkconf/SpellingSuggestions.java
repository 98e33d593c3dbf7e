package io.flinkcluster.operator.flinkconf;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names that may have been meant. */
final class SpellingSuggestions {

  private static final int MOST = 3;

  private SpellingSuggestions() {}

  /** The most similar names, at most three; empty where none is similar at all. */
  static List<String> names(String wrong, Collection<String> known) {
    record Candidate(String name, int distance) {}
    int limit = Math.max(2, wrong.length() / 3);
    return known.stream()
        .filter(name -> Math.abs(name.length() - wrong.length()) <= limit)
        .map(name -> new Candidate(name, distance(wrong, name)))
        .filter(candidate -> candidate.distance() <= limit)
        .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
        .limit(MOST)
        .map(Candidate::name)
        .toList();
  }

  /** Whether one is most likely a slip in writing the other. */
  static boolean typo(String wrong, String right) {
    int most = right.length() < 5 ? 0 : right.length() < 8 ? 1 : 2;
    return Math.abs(wrong.length() - right.length()) <= most && distance(wrong, right) <= most;
  }

  /** Letters to add, remove or replace to make one of the other. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
