package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.decide.state.Part;
import io.flinkcluster.operator.model.ClusterKey;
import io.flinkcluster.operator.model.Launch;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SettledTest {
  private static final ClusterKey KEY = new ClusterKey("ns", "c", "u");
  private static final Settled.Shape SHAPE = new Settled.Shape(1, "f", 2, 4);
  private static final Launch LAUNCH = new Launch(1, Optional.of("j"), Optional.empty());

  private final Settled settled = new Settled();

  private static Settled.Basis basis(
      Settled.Shape wanted, Settled.Start start, Set<Long> keep, Set<Long> memories, String seen) {
    return new Settled.Basis(Optional.of(wanted), List.of(start), keep, memories, seen);
  }

  private static Settled.Start start(Settled.Shape shape, Launch launch, Part... parts) {
    return new Settled.Start(shape, launch, Set.of(parts), false, false);
  }

  private static Settled.Basis basis() {
    return basis(SHAPE, start(SHAPE, LAUNCH, Part.CONFIG), Set.of(), Set.of(1L), "u@1 ");
  }

  static Stream<Settled.Basis> others() {
    var bigger = new Settled.Shape(1, "f", 3, 4);
    var later = new Settled.Shape(2, "f", 2, 4);
    var restored = new Launch(1, Optional.of("j"), Optional.of("s3://b/chk-1"));
    var same = start(SHAPE, LAUNCH, Part.CONFIG);
    var kept = new Settled.Start(SHAPE, LAUNCH, Set.of(Part.CONFIG), false, true);
    return Stream.of(
        basis(later, same, Set.of(), Set.of(1L), "u@1 "),
        basis(SHAPE, start(bigger, LAUNCH, Part.CONFIG), Set.of(), Set.of(1L), "u@1 "),
        basis(SHAPE, start(SHAPE, restored, Part.CONFIG), Set.of(), Set.of(1L), "u@1 "),
        basis(SHAPE, start(SHAPE, LAUNCH, Part.SERVICE), Set.of(), Set.of(1L), "u@1 "),
        basis(SHAPE, kept, Set.of(), Set.of(1L), "u@1 "),
        basis(SHAPE, same, Set.of(1L), Set.of(1L), "u@1 "),
        basis(SHAPE, same, Set.of(), Set.of(), "u@1 "),
        basis(SHAPE, same, Set.of(), Set.of(1L), "u@2 "));
  }

  @Test
  void theSameIsAsItShouldBe() {
    assertThat(settled.holds(KEY, basis())).isFalse();
    settled.found(KEY, basis());
    assertThat(settled.holds(KEY, basis())).isTrue();
    assertThat(settled.holds(new ClusterKey("ns", "c", "v"), basis())).isFalse();
    settled.forget(KEY);
    assertThat(settled.holds(KEY, basis())).isFalse();
  }

  @ParameterizedTest
  @MethodSource("others")
  void anythingElseIsLookedAtAnew(Settled.Basis other) {
    settled.found(KEY, basis());
    assertThat(settled.holds(KEY, other)).isFalse();
  }

  @Test
  void whatTheApiServerIsAskedAboutIsAskedEachTime() {
    var tried = new Settled.Start(SHAPE, LAUNCH, Set.of(), true, false);
    var asking = basis(SHAPE, tried, Set.of(), Set.of(), "");
    settled.found(KEY, asking);
    assertThat(settled.holds(KEY, asking)).isFalse();
  }
}
