package io.flinkcluster.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PartitionsTest {
  private final Partitions partitions = new Partitions();

  @Test
  void countsWhatWasSeenTwice() {
    partitions.seen("a", 2);
    assertThat(partitions.confirmed()).isEmpty();
    partitions.seen("a", 6); // the other tasks had not yet told
    assertThat(partitions.confirmed()).isEmpty();
    partitions.seen("a", 6);
    assertThat(partitions.confirmed()).isEqualTo(Map.of("a", 6));
    partitions.seen("a", 12);
    assertThat(partitions.confirmed()).isEmpty();
  }

  @Test
  void knowsNothingOfASourceThatTellsOfNone() {
    partitions.seen("a", 0);
    partitions.seen("a", 0);
    assertThat(partitions.confirmed()).isEmpty();
  }

  @Test
  void knowsNothingAfterAnotherStart() {
    partitions.seen("a", 6);
    partitions.seen("a", 6);
    partitions.forget();
    partitions.seen("a", 6);
    assertThat(partitions.confirmed()).isEmpty();
  }
}
