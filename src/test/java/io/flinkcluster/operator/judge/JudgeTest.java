package io.flinkcluster.operator.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A judge who is asked in between says the same in the end, and nothing that is true no more. */
class JudgeTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> markers = new ArrayList<>();
  private final Judge judge = new Judge(markers);
  private final History history = new History();

  private Verdict after(Event... events) {
    for (Event event : events) {
      history.add(event);
      judge.take(event);
    }
    Verdict verdict = judge.verdict();
    assertThat(judge.verdict()).as("asked twice").isEqualTo(verdict);
    assertThat(Judge.judge(history, markers)).as("asked once").isEqualTo(verdict);
    return verdict;
  }

  private static JsonNode object(String name, String cluster) {
    ObjectNode object = JSON.createObjectNode();
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("name", name).put("namespace", "n").put("uid", name);
    metadata.putObject("labels").put(Facts.CLUSTER, cluster).put(Facts.UID, cluster);
    return object;
  }

  private static Event changed(long at, String type, String kind, String name) {
    return new Event.Changed(at, type, kind, "", object(name, "a"));
  }

  private static Event began(long at, String run) {
    return new Event.RunBegan(at, run, "p-" + run, "a", 1, "job-" + run, "");
  }

  @Test
  void whatIsLeftOfAClusterIsToldAsLongAsItIsThere() {
    assertThat(
            after(
                    changed(1, "ADDED", "flinkclusters", "a"),
                    changed(2, "ADDED", "services", "a-rest"),
                    changed(3, "DELETED", "flinkclusters", "a"))
                .violated())
        .containsExactly("K1");
    assertThat(after(changed(4, "DELETED", "services", "a-rest")).violations()).isEmpty();
  }

  @Test
  void whatWasWrongOnceStaysSo() {
    assertThat(after(changed(1, "ADDED", "flinkclusters", "a"), began(2, "one")).violations())
        .isEmpty();
    assertThat(after(began(3, "two")).violated()).containsExactly("S1");
    assertThat(
            after(
                    new Event.RunEnded(4, "one", "FINISHED"),
                    new Event.RunEnded(5, "two", "FINISHED"))
                .violated())
        .containsExactly("S1");
  }

  @Test
  void aSecretThatBecomesKnownIsLookedForFromThenOn() {
    judge.take(new Event.Logged(1, "operator-1", "it is hunter2"));
    assertThat(judge.verdict().violations()).isEmpty();
    markers.add("hunter2");
    judge.take(new Event.Logged(2, "operator-1", "it is hunter2"));
    assertThat(judge.verdict().violations()).extracting(Violation::at).containsExactly(2L);
  }

  private static JsonNode cluster(boolean changing) {
    ObjectNode cluster = (ObjectNode) object("a", "a");
    ObjectNode status = cluster.putObject("status");
    if (changing) {
      status.putObject("operation").put("id", "one");
    }
    return cluster;
  }

  private static JsonNode taskManagers(int replicas) {
    ObjectNode deployment = (ObjectNode) object("a-taskmanager-1", "a");
    deployment.putObject("spec").put("replicas", replicas);
    return deployment;
  }

  private static Event changed(String kind, JsonNode object) {
    return new Event.Changed(1, "MODIFIED", kind, "operator-1", object);
  }

  private static Event applies(int replicas) {
    return new Event.Request(
        2,
        "operator-1",
        2,
        "patch",
        "deployments",
        "n",
        "a-taskmanager-1",
        "",
        false,
        "",
        "",
        "",
        taskManagers(replicas),
        200,
        true);
  }

  /** A change from one to three TaskManagers is given up for a spec that is refused. */
  private Verdict givenUp(int... replicas) {
    after(
        changed("flinkclusters", cluster(false)),
        changed("deployments", taskManagers(1)),
        changed("flinkclusters", cluster(true)),
        changed("deployments", taskManagers(3)),
        new Event.Act(1, "invalid-spec", "a", ""),
        new Event.Operator(1, "operator-1", "pass"),
        changed("flinkclusters", cluster(false)));
    Verdict verdict = judge.verdict();
    for (int each : replicas) {
      verdict = after(applies(each), changed("deployments", taskManagers(each)));
    }
    return verdict;
  }

  @Test
  void whatAChangeHadPreparedMayBeTakenBackStepByStep() {
    assertThat(givenUp(2, 1).violated()).doesNotContain("S12");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void nothingElseBecomesOfIt(int replicas) {
    assertThat(givenUp(replicas).violated()).contains("S12");
  }

  @Test
  void noneOfItIsMadeAgain() {
    assertThat(givenUp(1, 3).violated()).contains("S12");
  }

  private static Event asks(String trigger) {
    return new Event.FlinkCall(1, "operator-1", "a", 1, "savepoint", "job", trigger, "", true);
  }

  private static JsonNode under(String operation) {
    ObjectNode cluster = (ObjectNode) cluster(true);
    ((ObjectNode) cluster.at("/status/operation")).put("id", operation);
    return cluster;
  }

  @Test
  void aSecondSavepointOfAnOperationIsToldUnlessTheFirstHasFailed() {
    after(changed("flinkclusters", under("one")), asks("x"), asks("x"));
    assertThat(judge.verdict().violated()).doesNotContain("S7");
    after(new Event.SavepointEnded(1, "x", "failed"), asks("y"));
    assertThat(judge.verdict().violated()).doesNotContain("S7");
    assertThat(after(asks("z")).violated()).contains("S7");
  }

  /** An operator that stood still sends its call when another has finished the operation. */
  @Test
  void aSavepointThatIsAskedForOnceMoreAfterItsOperationIsNoSecondOne() {
    after(changed("flinkclusters", under("one")), asks("x"));
    after(changed("flinkclusters", cluster(false)), asks("x"));
    after(changed("flinkclusters", under("two")), asks("y"));
    assertThat(after(changed("flinkclusters", cluster(false)), asks("y")).violated())
        .doesNotContain("S7");
    assertThat(after(asks("z"), asks("new")).violated()).contains("S7");
  }
}
