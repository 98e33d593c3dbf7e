package io.flinkcluster.operator.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3AccessTest {

  @ParameterizedTest
  @CsvSource({
    "https://s3.eu-central-1.amazonaws.com, , eu-central-1",
    "s3.eu-central-1.amazonaws.com, , eu-central-1",
    "s3-eu-west-1.amazonaws.com, , eu-west-1",
    "https://s3.dualstack.eu-central-1.amazonaws.com/, , eu-central-1",
    "https://s3-fips.dualstack.us-gov-west-1.amazonaws.com:443, , us-gov-west-1",
    "https://bucket.vpce-0a1b-2c3d.s3.ap-southeast-2.vpce.amazonaws.com, , ap-southeast-2",
    "https://s3.cn-north-1.amazonaws.com.cn, , cn-north-1",
    "https://s3.eu-central-1.amazonaws.com, eu-west-1, eu-west-1",
    "https://s3.amazonaws.com, , ",
    "http://minio.store:9000, , ",
    "https://s3.eu-central-1.amazonaws.com.example.com, , ",
    "http://minio.store/s3.eu-central-1.amazonaws.com, , ",
    ", , ",
  })
  void anEndpointOfAwsNamesItsRegion(String endpoint, String region, String named) {
    var access =
        new S3Access(
            Optional.ofNullable(endpoint),
            Optional.ofNullable(region),
            false,
            Optional.empty(),
            Optional.empty());
    assertThat(access.namedRegion()).isEqualTo(Optional.ofNullable(named));
  }
}
