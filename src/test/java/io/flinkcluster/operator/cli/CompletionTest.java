package io.flinkcluster.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may come next on a command line, and what is said of a wrong one. */
class CompletionTest {

  private static List<String> run(int code, String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    assertThat(Main.run(new PrintWriter(out), new PrintWriter(err), arguments))
        .as(err.toString())
        .isEqualTo(code);
    return (out.toString() + err).lines().toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "re | rescale restart resume replay :4",
        "replay -m x | :0",
        "replay --pod | --pod-start :4",
        "pl | plan :4",
        "cand | :4",
        "plan -f | :4",
        "plan -f x | :0",
        "status --ru | --rules :4",
        "status -o j | json :4",
        "rescale --par | --parallelism :4",
        "plan --kubec | --kubeconfig :4",
      })
  void offersWhatMayComeNext(String typed, String offered) {
    var arguments = new ArrayList<>(List.of("candidates", "--"));
    arguments.addAll(List.of(typed.split(" ")));
    List<String> candidates = run(0, arguments.toArray(String[]::new));
    assertThat(candidates.stream().filter(c -> !c.equals("--filename")).toList())
        .containsExactlyInAnyOrder(offered.split(" "));
  }

  @Test
  void printsScripts() {
    assertThat(String.join("\n", run(0, "completion")))
        .startsWith("#!/bin/sh")
        .contains("kubectl-flinkcluster candidates -- \"$@\"");
    assertThat(String.join("\n", run(0, "completion", "--bash")))
        .contains("rescale", "complete -F _complete_kubectl-flinkcluster");
  }

  @Test
  void saysWhatIsWrong(@TempDir Path directory) {
    assertThat(String.join("\n", run(2))).contains("Missing command");
    assertThat(String.join("\n", run(2, "plan"))).contains("--filename");
    String nowhere = directory.resolve("none.yaml").toString();
    assertThat(String.join("\n", run(2, "import", "-f", nowhere))).contains("no such file");
    assertThat(String.join("\n", run(2, "status", "--kubeconfig", nowhere)))
        .contains("no such file");
  }
}
