package io.flinkcluster.operator.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3OptionTest {

  @ParameterizedTest
  @CsvSource({
    "s3.endpoint, ENDPOINT",
    "fs.s3a.endpoint.value, ENDPOINT",
    "s3.region, REGION",
    "fs.s3a.endpoint.region, REGION",
    "presto.s3.path-style-access, PATH_STYLE",
    "fs.s3a.path.style.access, PATH_STYLE",
    "s3a.access-key, ACCESS_KEY",
    "fs.s3a.access.key, ACCESS_KEY",
    "presto.s3.secret-key, SECRET_KEY",
    "fs.s3a.aws.credentials.provider, CREDENTIALS_PROVIDER",
    "fs.s3.aws.credentials.provider, CREDENTIALS_PROVIDER",
    "presto.s3.credentials-provider, CREDENTIALS_PROVIDER",
    "presto.s3.iam-role, ASSUMED_ROLE",
    "fs.s3a.assumed.role.arn, ASSUMED_ROLE",
    "s3.assume-role.arn, ASSUMED_ROLE",
    "s3.sse.type, ENCRYPTION",
    "presto.s3.sse.kms-key-id, ENCRYPTION",
    "fs.s3a.server-side-encryption-algorithm, ENCRYPTION",
    "fs.s3a.server-side-encryption.key, ENCRYPTION",
    "fs.s3a.encryption.algorithm, ENCRYPTION",
  })
  void eachNameMeansOneThing(String name, S3Option meant) {
    assertThat(Arrays.stream(S3Option.values()).filter(option -> option.is(name)))
        .containsExactly(meant);
    assertThat(S3Option.any(name)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "s3.entropy.key, true",
    "s3.assume-role.session-name, true",
    "s3.endpoint.regional, true",
    "fs.s3a.connection.maximum, true",
    "s3, false",
    "fs.gs.endpoint, false",
    "my.s3.endpoint, false",
  })
  void otherNamesMeanNone(String name, boolean ofS3) {
    assertThat(Arrays.stream(S3Option.values()).filter(option -> option.is(name))).isEmpty();
    assertThat(S3Option.any(name)).isEqualTo(ofS3);
  }

  /** A provider that Hadoop's plugin does not see leaves it with its own chain. */
  @ParameterizedTest
  @CsvSource({
    "s3.aws.credentials.provider, true",
    "s3a.aws.credentials.provider, true",
    "fs.s3a.aws.credentials.provider, true",
    "fs.s3.aws.credentials.provider, false",
    "presto.s3.credentials-provider, false",
    "s3.credentials-provider, false",
  })
  void whatTheHadoopPluginHandsOnIsLess(String name, boolean seen) {
    Collection<String> given = List.of("rest.port", name);
    assertThat(S3Option.CREDENTIALS_PROVIDER.inForHadoop(given)).isEqualTo(seen);
    assertThat(S3Option.CREDENTIALS_PROVIDER.in(given)).contains(name);
  }

  @Test
  void theGeneralNameCountsBeforeThatOfAPlugin() {
    assertThat(S3Option.REGION.names())
        .startsWith("s3.region", "s3a.region", "fs.s3a.region", "presto.s3.region")
        .endsWith("presto.s3.endpoint.region");
  }
}
