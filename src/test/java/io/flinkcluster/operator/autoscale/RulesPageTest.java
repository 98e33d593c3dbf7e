package io.flinkcluster.operator.autoscale;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page about autoscaling shows the lists of rules as they are. */
class RulesPageTest {
  private static final Path PAGE = Path.of("docs", "autoscaling.md");
  private static final String BEGIN = "<!-- rules -->\n";
  private static final String END = "<!-- end of rules -->\n";

  @Test
  void showsTheListsAsTheyAre() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    String fresh = page.substring(0, from) + rules() + page.substring(to);
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, fresh);
    }
    assertThat(Files.readString(PAGE))
        .as("refresh: mvn -q test -Dtest=RulesPageTest -Ddocs.update=true")
        .isEqualTo(fresh);
  }

  @Test
  void hasOneNameForEachRule() {
    var names = new HashSet<String>();
    ScalingRules.WANTED.forEach(r -> assertThat(names.add(r.name())).as(r.name()).isTrue());
    ScalingRules.WITHHELD.forEach(r -> assertThat(names.add(r.name())).as(r.name()).isTrue());
  }

  private static String rules() {
    return "What is wanted:\n\n"
        + table(ScalingRules.WANTED)
        + "\nWhat keeps a wanted change from being made now:\n\n"
        + table(ScalingRules.WITHHELD);
  }

  private static String table(List<ScalingRule> rules) {
    var table = new StringBuilder("| | rule | what it does |\n|---|---|---|\n");
    for (int i = 0; i < rules.size(); i++) {
      table.append("| %d | %s | %s |\n".formatted(i + 1, rules.get(i).name(), rules.get(i).does()));
    }
    return table.toString();
  }
}
