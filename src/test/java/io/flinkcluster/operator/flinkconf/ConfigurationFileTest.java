package io.flinkcluster.operator.flinkconf;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.flinkconf.FlinkConfig.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFileTest {

  @Property(tries = 100)
  void flinkReadsEveryTextBackAsItWasWritten(@ForAll("options") Map<String, String> options)
      throws IOException {
    assertThat(read(options)).isEqualTo(options);
  }

  @Provide
  Arbitrary<Map<String, String>> options() {
    var keys = Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(12);
    var values =
        Arbitraries.oneOf(
            Arbitraries.strings().all().ofMaxLength(40),
            Arbitraries.strings().ascii().ofMaxLength(40));
    return Arbitraries.maps(keys, values).ofMaxSize(20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "yes",
        "no",
        "on",
        "null",
        "~",
        "1e3",
        "0x10",
        "0123",
        "1.10",
        "2020-01-01",
        "a: b # c",
        "'",
        "\"",
        "[x]",
        "{x}",
        "!tag",
        "&a",
        "*a",
        "%",
        "@",
        "`",
        "a\nb: c",
        "\u2028",
        "\u0085",
        "\ufeff",
        "trailing  ",
        "\t",
        "\\",
        "\\n",
        "\ud83d\ude00",
        "\u0000",
        "\u007f"
      })
  void textWithAMeaningInYamlStaysText(String value) throws IOException {
    assertThat(read(Map.of("some.option", value))).containsExactly(Map.entry("some.option", value));
  }

  @Test
  void theFileIsSortedAndFlat() {
    assertThat(config(Map.of("b.c", "2", "a", "1")).toYaml()).isEqualTo("a: \"1\"\nb.c: \"2\"\n");
  }

  @Test
  void javaHomeIsNotQuotedBecauseAShellReadsIt() {
    assertThat(config(Map.of("env.java.home", "/opt/java")).toYaml())
        .isEqualTo("env.java.home: /opt/java\n");
  }

  @Test
  void theHashChangesWithAnyValue() {
    assertThat(config(Map.of("a", "1")).hash())
        .isEqualTo(config(Map.of("a", "1")).hash())
        .isNotEqualTo(config(Map.of("a", "2")).hash());
  }

  private static Map<String, String> read(Map<String, String> options) throws IOException {
    Path directory = Files.createTempDirectory("conf");
    Path file = directory.resolve("config.yaml");
    try {
      Files.writeString(file, config(options).toYaml());
      return GlobalConfiguration.loadConfiguration(directory.toString()).toMap();
    } finally {
      Files.delete(file);
      Files.delete(directory);
    }
  }

  private static FlinkConfig config(Map<String, String> options) {
    var settings = new TreeMap<String, Setting>();
    options.forEach((key, value) -> settings.put(key, new Setting(value, Origin.USER)));
    return new FlinkConfig(settings);
  }
}
