package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flinkcluster.operator.api.Phase;
import io.flinkcluster.operator.testcluster.Checks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Flux, Helm and Argo CD make of every status that the tests of this package bring about. */
class HealthTest {
  private static final List<ObjectNode> ALL = new ArrayList<>();

  @BeforeAll
  static void everyStatus() {
    OtherTests.run();
    ALL.addAll(SeenResources.all());
  }

  private static boolean is(JsonNode resource, String type) {
    return StreamSupport.stream(resource.at("/status/conditions").spliterator(), false)
        .anyMatch(
            c -> c.path("type").asText().equals(type) && c.path("status").asText().equals("True"));
  }

  private static boolean deleting(JsonNode resource) {
    return resource.at("/metadata").has("deletionTimestamp");
  }

  private static String expected(JsonNode resource) {
    if (deleting(resource)) {
      return "Terminating";
    }
    if (is(resource, "Stalled")) {
      return "Failed";
    }
    return is(resource, "Ready") && !is(resource, "Reconciling") ? "Current" : "InProgress";
  }

  @Test
  void everyPhaseIsAmongThem() {
    Set<String> phases =
        ALL.stream().map(r -> r.at("/status/phase").asText()).collect(Collectors.toSet());
    assertThat(phases)
        .containsAll(java.util.Arrays.stream(Phase.values()).map(Enum::name).toList());
    assertThat(ALL).hasSizeGreaterThan(60);
  }

  /** Costs a second, and a minute once where the program is not built yet. */
  @Test
  void kstatusSaysWhatTheConditionsMean() throws Exception {
    List<ObjectNode> resources = new ArrayList<>(ALL);
    resources.add(notSeenYet());
    resources.add(changedSince());
    String lines = resources.stream().map(JsonNode::toString).collect(Collectors.joining("\n"));
    List<String> statuses = Checks.kstatus(lines);
    assertThat(statuses).hasSameSizeAs(resources);
    var wrong = new TreeSet<String>();
    for (int i = 0; i < ALL.size(); i++) {
      String status = statuses.get(i).split("\t")[0];
      if (!status.equals(expected(resources.get(i)))) {
        wrong.add(status + " instead of " + expected(resources.get(i)) + ": " + resources.get(i));
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(statuses.subList(ALL.size(), statuses.size()))
        .allMatch(line -> line.startsWith("InProgress\t"));
    System.out.println("kstatus agrees with the conditions of " + ALL.size() + " statuses");
  }

  @Test
  void argoCdSaysTheSame() throws IOException {
    var wrong = new TreeSet<String>();
    for (ObjectNode resource : ALL) {
      JsonNode health = ArgoCd.run("health.lua", resource);
      String status = health.path("status").asText();
      boolean suspended = resource.at("/spec/suspend").asBoolean();
      String wanted =
          is(resource, "Stalled")
              ? "Degraded"
              : !is(resource, "Ready") || is(resource, "Reconciling")
                  ? "Progressing"
                  : suspended ? "Suspended" : "Healthy";
      if (!status.equals(wanted) || health.path("message").asText().isBlank()) {
        wrong.add(health + " instead of " + wanted + ": " + resource);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void whatNobodyHasLookedAtIsHealthyToNobody() throws IOException {
    for (ObjectNode resource : List.of(notSeenYet(), changedSince(), bare())) {
      assertThat(ArgoCd.run("health.lua", resource).path("status").asText())
          .isEqualTo("Progressing");
    }
  }

  @Test
  void theButtonsAreThoseThatMakeSense() throws IOException {
    for (ObjectNode resource : ALL) {
      JsonNode buttons = ArgoCd.run("actions/discovery.lua", resource);
      boolean suspended = resource.at("/spec/suspend").asBoolean();
      boolean job = resource.at("/spec").has("job");
      var enabled = new TreeSet<String>();
      buttons
          .properties()
          .forEach(
              b -> {
                if (!b.getValue().path("disabled").asBoolean()) {
                  enabled.add(b.getKey());
                }
              });
      var wanted = new TreeSet<String>();
      if (!deleting(resource)) {
        wanted.add("pause");
        wanted.addAll(suspended ? Set.of("resume") : Set.of("restart", "suspend"));
        if (job && !suspended) {
          wanted.add("savepoint");
        }
      }
      assertThat(enabled).as("%s", resource).isEqualTo(wanted);
    }
  }

  @Test
  void eachButtonChangesItsFieldAndNothingElse() throws IOException {
    ObjectNode resource = bare();
    for (String token : List.of("savepoint", "restart")) {
      ObjectNode changed = act(token, resource);
      assertThat(annotation(changed, token)).matches("[0-9]{4}-[0-9-]{5}T[0-9:]{8}Z");
      changed.withObject("/metadata").remove("annotations");
      assertThat(changed).isEqualTo(resource);
    }
    assertThat(act("suspend", resource).at("/spec/suspend").asBoolean(false)).isTrue();
    assertThat(act("resume", act("suspend", resource)).at("/spec/suspend").asBoolean(true))
        .isFalse();
    ObjectNode paused = act("pause", resource);
    assertThat(annotation(paused, "pause")).isEqualTo("true");
    assertThat(annotation(act("unpause", paused), "pause")).isEqualTo("false");
    JsonNode buttons = ArgoCd.run("actions/discovery.lua", paused);
    assertThat(buttons.at("/pause/disabled").asBoolean()).isTrue();
    assertThat(buttons.at("/unpause/disabled").asBoolean()).isFalse();
  }

  private static ObjectNode act(String action, ObjectNode resource) throws IOException {
    return (ObjectNode) ArgoCd.run("actions/" + action + ".lua", resource);
  }

  private static String annotation(JsonNode resource, String name) {
    return resource.at("/metadata/annotations/flinkcluster.io~1" + name).asText();
  }

  /** As it is created: the schema's default is all that the status has. */
  private static ObjectNode notSeenYet() {
    ObjectNode resource = bare();
    resource.putObject("status").put("observedGeneration", -1);
    return resource;
  }

  /** Ready, but of the spec before. */
  private static ObjectNode changedSince() {
    ObjectNode ready =
        ALL.stream()
            .filter(r -> expected(r).equals("Current"))
            .findFirst()
            .orElseThrow()
            .deepCopy();
    ready.withObject("/metadata").put("generation", 1_000);
    return ready;
  }

  private static ObjectNode bare() {
    ObjectNode resource = ALL.get(0).deepCopy();
    resource.remove("status");
    resource.withObject("/spec").remove("suspend");
    resource.withObject("/spec").withObject("/job").put("jarURI", "local:///a.jar");
    ObjectNode metadata = resource.withObject("/metadata");
    metadata.removeAll();
    metadata.put("name", "a").put("generation", 1);
    return resource;
  }
}
