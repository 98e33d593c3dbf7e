package io.flinkcluster.operator.flinkconf;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.FlinkVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** {@code -Doptions.update=true} writes the table anew from the released jars. */
class OptionsTableTest {

  private static final Path FILE =
      Path.of("src/main/resources/io/flinkcluster/operator/flinkconf/options.tsv");

  @Test
  void theTableSaysWhatTheReleasedJarsDeclare() throws IOException {
    var all = new TreeMap<FlinkVersion, SortedMap<String, FlinkOption>>();
    for (FlinkVersion version : FlinkVersion.values()) {
      all.put(version, ReleasedOptions.of(version));
      System.out.printf(
          "Flink %s: %d options, %d other spellings%n",
          version.minor(),
          all.get(version).size(),
          all.get(version).values().stream().mapToInt(o -> o.aliases().size()).sum());
    }

    List<String> generated = lines(all);

    if (Boolean.getBoolean("options.update")) {
      Files.write(FILE, generated);
    }
    assertThat(Files.readAllLines(FILE)).isEqualTo(generated);
  }

  private static List<String> lines(TreeMap<FlinkVersion, SortedMap<String, FlinkOption>> all) {
    var lines = new ArrayList<String>();
    var keys = new TreeMap<String, FlinkOption>();
    all.values().forEach(keys::putAll);
    for (String key : keys.keySet()) {
      FlinkVersion first = null;
      FlinkVersion last = null;
      FlinkOption same = null;
      for (FlinkVersion version : FlinkVersion.values()) {
        FlinkOption option = all.get(version).get(key);
        if (same != null && !same.equals(option)) {
          lines.add(line(same, first, last));
        }
        if (option != null && !option.equals(same)) {
          first = version;
        }
        same = option;
        last = version;
      }
      if (same != null) {
        lines.add(line(same, first, last));
      }
    }
    return lines;
  }

  private static String line(FlinkOption option, FlinkVersion first, FlinkVersion last) {
    String range = first == last ? first.minor() : first.minor() + "-" + last.minor();
    String line =
        String.join(
            "\t",
            option.key(),
            range,
            option.type().toString(),
            String.join(",", option.aliases()),
            option.defaultValue());
    assertThat(line).doesNotContain("\n").matches("([^\t]*\t){4}[^\t]*");
    return line;
  }
}
