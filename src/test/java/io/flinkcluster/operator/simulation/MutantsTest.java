package io.flinkcluster.operator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The judge is judged: each operator that is broken on purpose is caught, and by what. */
@ExtendWith(Quiet.class)
class MutantsTest {
  private static final long BEGAN = System.nanoTime();
  private static final List<String> CAUGHT = new ArrayList<>();

  static List<Mutants.Mutant> mutants() {
    return Mutants.all();
  }

  @Test
  void areThirtySix() {
    assertThat(Mutants.all())
        .extracting(Mutants.Mutant::number)
        .doesNotHaveDuplicates()
        .hasSize(36);
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void isCaught(Mutants.Mutant mutant) {
    Trial broken = mutant.broken();
    Trial sound = mutant.sound();
    assertThat(sound.wrong()).as("the operator as it is, in the same lifecycle").isEmpty();
    assertThat(caught(mutant, broken, sound)).as("%s, by %s", mutant, broken.wrong()).isTrue();
    CAUGHT.add("| %s | %s |".formatted(mutant, mutant.invariant()));
  }

  static boolean caught(Mutants.Mutant mutant, Trial broken, Trial sound) {
    return switch (mutant.invariant()) {
      // Both compare with what the operator makes of the same lifecycle when nothing is broken.
      case "L3" -> !broken.end().equals(sound.end());
      case "K3" -> !Mutants.objects(broken.world).equals(Mutants.objects(sound.world));
      default -> broken.verdict.violates(mutant.invariant());
    };
  }

  @AfterAll
  static void report() {
    var lines = new ArrayList<String>();
    lines.add(CAUGHT.size() + " of " + Mutants.all().size() + " broken operators are caught.");
    lines.add("");
    lines.add("| broken operator | caught by |");
    lines.add("|---|---|");
    lines.addAll(CAUGHT);
    Report.section("Broken operators", BEGAN, lines);
  }
}
