package io.flinkcluster.operator.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class FactsTest {
  private final Facts facts = new Facts();

  private void take(String type, String uid) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.putObject("metadata").put("namespace", "ns").put("name", "a").put("uid", uid);
    facts.take(new Event.Changed(1, type, "configmaps", "", object));
  }

  private String known() {
    return facts
        .object("configmaps", "ns", "a")
        .map((JsonNode object) -> object.at("/metadata/uid").asText())
        .orElse("none");
  }

  @Test
  void anObjectThatIsKnownBeforeTheEndOfTheOneBeforeItStays() {
    take("ADDED", "one");
    take("ADDED", "two"); // the answer to its making is faster than the watch
    take("DELETED", "one");
    assertThat(known()).isEqualTo("two");

    take("DELETED", "two");
    assertThat(known()).isEqualTo("none");
  }
}
