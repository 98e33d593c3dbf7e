package io.flinkcluster.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTextTest {

  @Test
  void textBecomesOneShortLineWithoutControlCharacters() {
    assertThat(SafeText.line(" a\r\n\tb\u0000\u001b[31mc\u2028d\u202ee "))
        .isEqualTo("a b [31mc d e");
    assertThat(SafeText.line("x".repeat(1_000_000))).hasSize(500).endsWith("x…");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "user=a password=hunter2 more | user=a password=*** more",
        "{'s3.secret-key': 'hunter2', b} | {'s3.secret-key': ***, b}",
        "jdbc:x://me:hunter2@db/x | jdbc:x://***@db/x",
        "?sessionToken=hunter2&b=c | ?sessionToken=***&b=c",
        "key AKIAABCDEFGHIJKLMNOP used | key *** used",
      })
  void whatLooksLikeASecretIsNotShown(String text, String shown) {
    assertThat(SafeText.line(text.replace('\'', '"'))).isEqualTo(shown.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "MountVolume.SetUp failed for volume \"secret-vol\" : secret \"x\" not found",
        "couldn't find key password in Secret ns/x",
        "s3://bucket/savepoints/savepoint-123",
      })
  void namesOfSecretsAndPathsStay(String text) {
    assertThat(SafeText.line(text)).isEqualTo(text);
  }

  @Test
  void aStackTraceBecomesItsFirstLineAndItsInnermostCause() {
    String trace =
        """
        a.JobException: Recovery is suppressed
        \tat a.B.c(B.java:1)
        Caused by: b.Middle: in between
        \tSuppressed: c.Aside: not this
        \tCaused by: c.Aside: nor this
        Caused by: d.Root: the disk is full
        \tat d.E.f(E.java:2)
        """;
    assertThat(SafeText.ofTrace(trace))
        .isEqualTo("a.JobException: Recovery is suppressed; caused by d.Root: the disk is full");
    assertThat(SafeText.ofTrace("a.Only: one\n\tat a.B")).isEqualTo("a.Only: one");
    assertThat(SafeText.ofTrace("")).isEmpty();
    assertThat(SafeText.ofTrace("x".repeat(600) + "\nCaused by: root")).contains("caused by root");
  }
}
