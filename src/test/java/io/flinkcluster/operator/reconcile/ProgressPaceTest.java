package io.flinkcluster.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.flinkcluster.operator.admit.AdmissionRules;
import io.flinkcluster.operator.api.FlinkCluster;
import io.flinkcluster.operator.model.Admission;
import io.flinkcluster.operator.model.CheckedCluster;
import io.flinkcluster.operator.model.ClusterKey;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressPaceTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final InstantSource clock = () -> now;

  private static ClusterKey key(int i) {
    return new ClusterKey("ns", "c" + i, "uid-" + i);
  }

  private static CheckedCluster storing(String baseUri, boolean highAvailability) {
    FlinkCluster cluster =
        Serialization.unmarshal(
            """
            apiVersion: flinkcluster.io/v1
            kind: FlinkCluster
            spec:
              flinkVersion: "2.3"
              image: flink:2.3
              job: {jarURI: "local:///opt/flink/a.jar"}
              storage: {baseURI: "%s"}
              highAvailability: {enabled: %s}
            """
                .formatted(baseUri, highAvailability),
            FlinkCluster.class);
    cluster.setMetadata(
        new ObjectMetaBuilder().withName("c").withNamespace("ns").withUid("u").build());
    return ((Admission.Accepted) AdmissionRules.check(cluster)).cluster();
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "166, 0", "167, 10020", "1000, 60000", "10000, 600000", "50000, 600000"})
  void theMoreClustersTheLongerTheWait(int clusters, long millis) {
    var pace = new ProgressPace(() -> clusters, clock);
    pace.written(key(1));
    assertThat(pace.left(key(1), storing("s3://b/f", false))).hasMillis(millis);
    now = now.plusMillis(millis);
    assertThat(pace.left(key(1), storing("s3://b/f", false))).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "s3://bucket/f, false, true",
    "hdfs://name/f, false, false",
    "hdfs://name/f, true, true",
    "gs://bucket/f, false, false"
  })
  void whatCouldNotBeFoundAgainIsWrittenAtOnce(String uri, boolean ha, boolean waits) {
    var pace = new ProgressPace(() -> 10_000, clock);
    pace.written(key(1));
    assertThat(pace.left(key(1), storing(uri, ha)).isZero()).isEqualTo(!waits);
  }

  @Test
  void aProcessThatHasJustBegunDoesNotWriteThemAllAtOnce() {
    var pace = new ProgressPace(() -> 1_000, clock);
    var spec = storing("s3://b/f", false);
    int atOnce = 0;
    for (int i = 0; i < 1_000; i++) {
      atOnce += pace.left(key(i), spec).isZero() ? 1 : 0;
    }
    assertThat(atOnce).isLessThan(50);
    now = now.plusSeconds(60);
    for (int i = 0; i < 1_000; i++) {
      assertThat(pace.left(key(i), spec)).isZero();
    }
  }
}
