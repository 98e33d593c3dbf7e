package io.flinkcluster.operator.e2e.exactlyonce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/** The lines that the {@link VerifyingJob} has committed. */
public final class Output {
  private final Map<Integer, BitSet> seen = new TreeMap<>();

  /** Reads lines, in any order, and expects each number once and with the right count. */
  public Output(String lines) {
    lines.lines().forEach(this::add);
  }

  private void add(String line) {
    String[] words = line.split(" ");
    assertThat(words).as("a whole line: %s", line).hasSize(3);
    int number = Integer.parseInt(words[1]);
    BitSet split = seen.computeIfAbsent(Integer.parseInt(words[0]), s -> new BitSet());
    assertThat(split.get(number)).as("a duplicate: %s", line).isFalse();
    split.set(number);
    assertThat(Long.parseLong(words[2]))
        .as("state that fits the input: %s", line)
        .isEqualTo(number / Counting.KEYS + 1L);
  }

  /** How many there are. */
  public int numbers() {
    return seen.values().stream().mapToInt(BitSet::cardinality).sum();
  }

  /**
   * Expects that no number is missing below the highest of its split; returns how many there are.
   */
  public int withoutGaps() {
    assertThat(seen).hasSize(Numbers.SPLITS);
    seen.forEach(
        (split, numbers) ->
            assertThat(numbers.nextClearBit(0))
                .as(
                    "first number of split %s that is missing; the highest is %s",
                    split, numbers.length() - 1)
                .isEqualTo(numbers.length()));
    return numbers();
  }

  /** The highest number of any split. */
  public int highest() {
    return seen.values().stream().mapToInt(BitSet::length).max().orElse(0) - 1;
  }
}
