package io.flinkcluster.operator.aws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What is said where the SDK finds no credentials, in the words that it really uses. */
@Isolated
class S3FailuresTest {
  private static final String TOKEN = "aws.webIdentityTokenFile";
  private static final String ROLE = "aws.roleArn";

  private final Map<String, String> before = new LinkedHashMap<>();
  private final FakeS3 s3 = new FakeS3();

  @BeforeEach
  void asInAPod() {
    for (String name : new String[] {TOKEN, ROLE, "aws.disableEc2Metadata", "user.home"}) {
      before.put(name, System.getProperty(name));
    }
    System.setProperty("aws.disableEc2Metadata", "true");
    System.setProperty("user.home", "/none"); // no profile of whoever runs the tests
  }

  @AfterEach
  void leave() {
    before.forEach(
        (name, value) -> {
          if (value == null) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, value);
          }
        });
    s3.close();
  }

  private void list() throws S3Failure {
    S3Access access = s3.access();
    var anonymous =
        new S3Access(access.endpoint(), access.region(), true, Optional.empty(), Optional.empty());
    try (var objects = S3Objects.connect(anonymous)) {
      objects.folders(S3Uri.parse("s3://bucket/flink"));
    }
  }

  @Test
  void aRoleThatCannotBeTakenIsToldWithTheReason() {
    System.setProperty(TOKEN, "/none/token");
    System.setProperty(ROLE, "arn:aws:iam::123456789012:role/flink");

    assertThatThrownBy(this::list)
        .hasMessageContaining("the role of the job's service account cannot be taken")
        .hasMessageContaining("/none/token");
  }

  @Test
  void whereNothingIsConfiguredTheWayOutIsNamed() {
    assertThatThrownBy(this::list)
        .hasMessageContaining("the pod has no AWS credentials")
        .hasMessageContaining("IRSA or EKS Pod Identity");
  }
}
