package io.flinkcluster.operator.flinkconf;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.FlinkVersion;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is accepted, against what the released jars can read. */
class OptionValuesTest {

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "0",
          "1",
          "-1",
          "+1",
          " 1",
          "1 ",
          "01",
          "1.5",
          "1e3",
          "0x1F",
          "1_000",
          "1,000",
          "2147483647",
          "2147483648",
          "-2147483648",
          "-2147483649",
          "9223372036854775807",
          "9223372036854775808",
          "9223372036854775807 d",
          "9223372036854775808 d",
          "106751991167300 d",
          "99999999999999999999999999",
          "3.4e38",
          "3.5e38",
          "1e-50",
          "NaN",
          "Infinity",
          "-0.0",
          "1f",
          "1d",
          "true",
          "TRUE",
          "True",
          "yes",
          "on",
          "1 true",
          "false",
          "100 ms",
          "100ms",
          "100 MS",
          "1 s",
          "1s",
          "1 sec",
          "1 secs",
          "1 seconds",
          "1 ss",
          "5 m",
          "5 min",
          "5 mins",
          "5 minute",
          "5 minutes",
          "1 h",
          "1 hs",
          "1 hour",
          "1 hours",
          "1 d",
          "1 day",
          "1 days",
          "1 ds",
          "1 us",
          "1 µs",
          "1 micros",
          "1 ns",
          "1 nanos",
          "1 ms ms",
          "1 milli",
          "1 millis",
          "1 w",
          "PT0.1S",
          "P1D",
          "pt1s",
          "-1 s",
          "- 1 s",
          "1.5 s",
          "s",
          "64 mb",
          "64mb",
          "64 MB",
          "64m",
          "64Mi",
          "1Gi",
          "2 g",
          "2 gb",
          "2 gigabytes",
          "2 gibibytes",
          "1 t",
          "1 tb",
          "9000000 tb",
          "1 k",
          "1 kb",
          "1 kibibytes",
          "12 b",
          "12 bytes",
          "12 byte",
          "1.5g",
          "4 potatoes",
          "a:1",
          "a:1,b:2",
          "a",
          "a:1,b",
          "a:1,",
          "{a: 1}",
          "EXACTLY_ONCE",
          "exactly_once",
          "exactly-once",
          "TWICE",
          "Adaptive",
          "adaptive",
          "none",
          "NONE",
          "ng",
          "LZ4",
          "lz4 ",
          "yes\u2028",
          "١");

  @ParameterizedTest
  @EnumSource(FlinkVersion.class)
  void aValueIsAcceptedExactlyWhereFlinkCanReadIt(FlinkVersion version) {
    var wrong = new ArrayList<String>();
    for (Map.Entry<OptionType, Object> sample : samples(version).entrySet()) {
      String key = key(sample.getValue());
      for (String text : TEXTS) {
        boolean accepted = OptionValues.remedy(version, sample.getKey(), text).isEmpty();
        if (accepted != readable(version, sample.getValue(), key, text)) {
          wrong.add(sample.getKey() + " '" + text + "' accepted: " + accepted);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(FlinkVersion.class)
  void everyDefaultIsAcceptedForItsOption(FlinkVersion version) {
    var options = FlinkOptions.of(version);

    assertThat(options.keys())
        .allSatisfy(
            key -> {
              FlinkOption option = options.find(key).orElseThrow();
              if (!option.defaultValue().isEmpty()) {
                assertThat(OptionValues.remedy(version, option.type(), option.defaultValue()))
                    .as(key)
                    .isEmpty();
              }
            });
  }

  @Test
  void anAmountOfMemoryIsCountedInBytes() {
    assertThat(OptionValues.bytes("64 mb")).contains(64L << 20);
    assertThat(OptionValues.bytes("1g")).contains(1L << 30);
    assertThat(OptionValues.bytes("1Gi")).isEmpty();
  }

  /** One option of every type that is no list. */
  private static Map<OptionType, Object> samples(FlinkVersion version) {
    var options = FlinkOptions.of(version);
    var samples = new TreeMap<String, Object>();
    var types = new EnumMap<OptionType.Kind, OptionType>(OptionType.Kind.class);
    var result = new java.util.LinkedHashMap<OptionType, Object>();
    ReleasedOptions.constants(version)
        .forEach(
            (key, constant) -> {
              OptionType type = options.find(key).orElseThrow().type();
              if (!type.list()
                  && (type.kind() == OptionType.Kind.ENUM
                      || types.putIfAbsent(type.kind(), type) == null)
                  && samples.putIfAbsent(type.toString(), constant) == null) {
                result.put(type, constant);
              }
            });
    assertThat(types.keySet()).contains(OptionType.Kind.DURATION, OptionType.Kind.MAP);
    return result;
  }

  private static boolean readable(FlinkVersion version, Object constant, String key, String text) {
    String line = YamlLine.of(key, text) + "\n";
    var read = ReleasedConfiguration.read(version, line);
    try {
      return read.get(constant).isPresent() || text.isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String key(Object constant) {
    try {
      return (String) constant.getClass().getMethod("key").invoke(constant);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
