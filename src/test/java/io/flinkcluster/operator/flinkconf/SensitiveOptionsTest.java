package io.flinkcluster.operator.flinkconf;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.api.FlinkVersion;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SensitiveOptionsTest {

  @ParameterizedTest
  @EnumSource(FlinkVersion.class)
  void aValueIsMaskedExactlyWhereTheVersionMasksIt(FlinkVersion version) throws Exception {
    var flink = ReleasedFlink.of(version);
    var sensitive =
        flink
            .load("org.apache.flink.configuration.GlobalConfiguration")
            .getMethod("isSensitive", String.class);
    var keys = new TreeSet<>(FlinkOptions.of(version).keys());
    keys.add("metrics.reporter.dd.apikey");
    keys.add("metrics.reporter.x.api-key");
    keys.add("s3.access-key");
    keys.add("s3.secret-key");
    keys.add("S3.Secret-Key");
    keys.add("fs.azure.account.key.x.blob.core.windows.net");
    keys.add("user.artifacts.http-headers");

    for (String key : keys) {
      assertThat(SensitiveOptions.masked(version, key))
          .as(key)
          .isEqualTo(sensitive.invoke(null, key));
    }
  }

  @Test
  void switchesOfDelegationTokensAreNoSecrets() {
    assertThat(SensitiveOptions.contains("security.delegation.tokens.enabled")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "${secret:s3/secret-key}, s3, secret-key",
    "${secret:my.secret-1/a_b.C-d}, my.secret-1, a_b.C-d"
  })
  void aReferenceNamesASecretAndOneOfItsValues(String text, String secret, String key) {
    assertThat(SecretReference.of(text)).isEqualTo(Optional.of(new SecretReference(secret, key)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${secret:s3}",
        "${secret:s3/}",
        "${secret:/key}",
        "${secret:S3/key}",
        "${secret:s3/../key}",
        "${secret:s3/..}",
        "x${secret:s3/key}",
        "${secret:s3/key} ",
        "${env:KEY}",
        "plain"
      })
  void anythingElseIsNone(String text) {
    assertThat(SecretReference.of(text)).isEmpty();
  }
}
