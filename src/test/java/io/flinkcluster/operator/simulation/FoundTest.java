package io.flinkcluster.operator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Faults that the campaign has found, each in the sequence in which it was found. */
@ExtendWith(Quiet.class)
class FoundTest {
  private static Lifecycle upgrade() {
    return Mutants.lifecycle("upgrade with savepoint");
  }

  /**
   * Before the TaskManagers of the next start are made the leader stands still; another brings the
   * change to its end. The first one's caches have caught up when it goes on: what it does not know
   * from when it decided it must not take for a leftover.
   */
  @Test
  void aLeaderThatStoodStillRemovesNothingThatItsSuccessorMade() {
    Trial trial =
        CrashPoints.run(new CrashPoints.Point(upgrade(), 3, "frozen while another takes over"));
    assertThat(trial.wrong()).isEmpty();
    assertThat(Lifecycle.at(trial.world)).isEqualTo(2);
  }

  /** The job runs on after each savepoint that is to stop it, until the change is given up. */
  @Test
  void whatIsTriedAgainAndAgainDoesNotFillTheStatus() {
    var world = new World();
    world.flink.savepoints = SimulatedFlink.Savepoints.RUN_ON;
    world.beginOperator();
    upgrade().prepare().accept(world);
    upgrade().act().accept(world);
    world.pass(90_000);
    assertThat(world.status(Lifecycle.C).orElseThrow().at("/operation/steps"))
        .hasSizeBetween(20, 24);
  }
}
