package io.flinkcluster.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.decide.state.DecisionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page that describes the state machine is made from the lists of rules. */
class StateMachineTest {
  private static final Path PAGE = Path.of("docs", "state-machine.md");

  private static final String INTRODUCTION =
      """
      # The state machine

      This page is generated from the lists of rules in `decide/rule`; a test compares them. Refresh it with
      `mvn -q test -Dtest=StateMachineTest -Ddocs.update=true`.

      A reconcile reads the recorded state from the status, looks at the world, and asks the rules of that state in the order
      below. The first that answers decides: it leads to another state, which is written down before anything is done, or the
      state stays and what runs, or is removed, is what the rule says. The name of the rule that decided last is
      `status.operation.rule`.

      Before any rule is asked three things are recorded: the newest completed checkpoint of the running job, unless a change
      that may be undone keeps the point from before it; the end of a job that came by itself; and the tokens of annotations
      that cannot be served yet.
      """;

  @Test
  void describesTheListsAsTheyAre() throws IOException {
    String page = page();
    if (Boolean.getBoolean("docs.update")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
        .as("refresh: mvn -q test -Dtest=StateMachineTest -Ddocs.update=true")
        .isEqualTo(page);
  }

  @Test
  void hasRulesForEveryStateAndALastThatAlwaysAnswers() {
    assertThat(Decider.all().keySet()).containsExactlyInAnyOrder(DecisionState.values());
    var names = new HashSet<String>();
    Decider.all()
        .forEach(
            (state, rules) -> {
              assertThat(rules).as("rules of " + state).isNotEmpty();
              rules.forEach(r -> assertThat(names.add(r.name())).as(r.name()).isTrue());
            });
  }

  @Test
  void reachesEveryStateFromNothing() {
    var reached = new HashSet<DecisionState>();
    var open = new ArrayList<>(List.of(DecisionState.NothingStarted));
    while (!open.isEmpty()) {
      DecisionState state = open.remove(0);
      if (reached.add(state)) {
        Decider.all().get(state).forEach(r -> open.addAll(r.leadsTo()));
      }
    }
    // A person leads there: by deleting the resource, or by editing its status.
    reached.add(DecisionState.Unreadable);
    Decider.all().get(DecisionState.DeletionRequested).forEach(r -> reached.addAll(r.leadsTo()));
    reached.add(DecisionState.DeletionRequested);
    assertThat(reached).containsExactlyInAnyOrder(DecisionState.values());
  }

  private static String page() {
    var page = new StringBuilder(INTRODUCTION);
    long rules = Decider.all().values().stream().mapToLong(List::size).sum();
    page.append("\n%d states, %d rules.\n".formatted(Decider.all().size(), rules));
    page.append("\n## The way of a change\n\n").append(diagram(false));
    page.append("\n## The way of a deletion\n\n").append(diagram(true));
    Decider.all().forEach((state, list) -> page.append(section(state, list)));
    return page.toString();
  }

  private static boolean ofDeletion(DecisionState state) {
    return switch (state) {
      case DeletionRequested, CleaningUp, Removing, Removed -> true;
      default -> false;
    };
  }

  /** One arrow for each pair of states, with the rules that lead along it. */
  private static String diagram(boolean deletion) {
    Map<String, List<String>> arrows = new TreeMap<>();
    Decider.all()
        .forEach(
            (from, list) ->
                list.forEach(
                    rule ->
                        rule.leadsTo().stream()
                            .filter(to -> deletion == (ofDeletion(from) || ofDeletion(to)))
                            .forEach(
                                to ->
                                    arrows
                                        .computeIfAbsent(
                                            from + " --> " + to, a -> new ArrayList<>())
                                        .add(rule.name()))));
    return "```mermaid\nstateDiagram-v2\n"
        + arrows.entrySet().stream()
            .map(a -> "  " + a.getKey() + ": " + String.join(", ", a.getValue()) + "\n")
            .collect(Collectors.joining())
        + "```\n";
  }

  private static String section(DecisionState state, List<Rule> list) {
    var section = new StringBuilder();
    section.append("\n## ").append(state).append("\n\n");
    String meaning = state.meaning();
    section.append(Character.toUpperCase(meaning.charAt(0))).append(meaning.substring(1));
    section.append(".\n\n| | rule | what it does | leads to |\n|---|---|---|---|\n");
    for (int i = 0; i < list.size(); i++) {
      Rule rule = list.get(i);
      String to =
          rule.leadsTo().isEmpty()
              ? "–"
              : rule.leadsTo().stream().sorted().map(Enum::name).collect(Collectors.joining(", "));
      section.append("| %d | %s | %s | %s |\n".formatted(i + 1, rule.name(), rule.does(), to));
    }
    return section.toString();
  }
}
