package io.flinkcluster.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubsetMatcherTest {
  private static final YAMLMapper YAML = new YAMLMapper();

  private static JsonNode tree(String yaml) throws JsonProcessingException {
    return YAML.readTree(yaml);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          what the server filled in        | {a: 1}                                     | {a: 1, b: 2}                                   | true
          a changed value                  | {a: 1}                                     | {a: 2}                                         | false
          a missing field                  | {a: 1}                                     | {b: 1}                                         | false
          nothing wanted                   | {a: {}, b: [], c: null}                    | {}                                             | true
          a number as text                 | {a: "1"}                                   | {a: 1}                                         | true
          elements found by name           | {c: [{name: x, v: 1}]}                     | {c: [{name: y}, {name: x, v: 1, w: 2}]}        | true
          a missing element                | {c: [{name: x}]}                           | {c: [{name: y}]}                               | false
          plain elements in their order    | {args: [a, b]}                             | {args: [b, a]}                                 | false
          the same amount                  | {limits: {cpu: 1000m, memory: 1Gi}}        | {limits: {cpu: "1", memory: 1024Mi}}           | true
          another amount                   | {limits: {memory: 1Gi}}                    | {limits: {memory: 2Gi}}                        | false
          a map where a value is wanted    | {a: 1}                                     | {a: {b: 1}}                                    | false
          """)
  void coversWhatIsWanted(String what, String wanted, String actual, boolean covered)
      throws JsonProcessingException {
    assertThat(SubsetMatcher.covers(tree(actual), tree(wanted))).as(what).isEqualTo(covered);
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void aShorterListDoesNotCoverALongerOne(int length) throws JsonProcessingException {
    String wanted = length == 1 ? "{args: [a, b]}" : "{args: [a, b, c]}";
    assertThat(SubsetMatcher.covers(tree("{args: [a]}"), tree(wanted))).isFalse();
  }
}
