package io.flinkcluster.operator.flinkconf;

import static org.assertj.core.api.Assertions.assertThat;

import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.admit.Resource;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.Launch;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who finds the credentials: the Hadoop plugin does not look for those of IRSA by itself. */
class S3CredentialsTest {
  private static final String PROVIDER = "fs.s3a.aws.credentials.provider";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Hadoop | | com.amazonaws.auth.DefaultAWSCredentialsProviderChain",
        "Presto | | ",
        "Hadoop | fs.s3a.aws.credentials.provider: Mine | Mine",
        // The chain of the SDK does not know these.
        "Hadoop | s3.access-key: jobs, s3.secret-key: '${secret:keys/secret-key}' | ",
        "Hadoop | fs.s3a.access.key: jobs, fs.s3a.secret.key: '${secret:keys/secret-key}' | "
      })
  void keysThatAreGivenAreNotPassedOver(String plugin, String options, String provider) {
    Admission admission =
        AdmissionRules.check(
            Resource.with(
                """
                flinkVersion: "2.3"
                image: flink:2.3
                job: {jarURI: "local:///opt/flink/a.jar"}
                storage: {baseURI: "s3://bucket/flink", s3Plugin: %s}
                flinkConfiguration: {%s}
                """
                    .formatted(plugin, options == null ? "" : options)));
    FlinkConfig config =
        FlinkConfigRenderer.render(
            ((Admission.Accepted) admission).cluster(),
            new Launch(1, Optional.of("0".repeat(32)), Optional.empty()));
    assertThat(config.values().get(PROVIDER)).isEqualTo(provider);
  }
}
