package io.flinkcluster.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiRequestsTest {
  private static final String METRICS =
      """
      # TYPE apiserver_request_total counter
      apiserver_request_total{code="200",component="apiserver",dry_run="",group="apps",resource="deployments",scope="resource",subresource="",verb="APPLY",version="v1"} 3
      apiserver_request_total{code="201",component="apiserver",dry_run="",group="apps",resource="deployments",scope="resource",subresource="",verb="APPLY",version="v1"} 2
      apiserver_request_total{code="200",group="flinkcluster.io",resource="flinkclusters",subresource="status",verb="PUT"} 1.2e+01
      apiserver_request_total{code="200",group="",resource="services",subresource="",verb="GET"} 4
      apiserver_request_total{code="200",group="",resource="services",subresource="proxy",verb="GET"} 900
      apiserver_request_total{code="200",group="",resource="pods",subresource="",verb="GET"} 70
      apiserver_request_total{code="200",group="",resource="configmaps",subresource="",verb="LIST"} 70
      apiserver_request_duration_seconds_count{resource="flinkclusters",verb="GET"} 5
      """;

  @Test
  void onlyWhatAnOperatorAsksForIsCounted() {
    assertThat(ApiRequests.ofOperator(METRICS).counts())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("APPLY deployments", 5L, "PUT flinkclusters/status", 12L, "GET services", 4L));
  }

  @Test
  void onlyWhatIsNewIsLeftOfTwoLooks() {
    var before = new ApiRequests(Map.of("APPLY services", 1L, "GET services", 4L));
    var after =
        new ApiRequests(Map.of("APPLY services", 3L, "GET services", 4L, "LIST flinkclusters", 1L));
    assertThat(after.since(before).counts())
        .containsExactlyInAnyOrderEntriesOf(Map.of("APPLY services", 2L, "LIST flinkclusters", 1L));
  }
}
